import Glibc

/// Sound from a file, or from standard input: any format, rate and number of channels that libsndfile reads, and MP3.
///
/// Channels are mixed as `ChannelChoice` says, other rates than 16 kHz go through `Resampler`; a 16 kHz mono file
/// passes bit for bit. For `n` frames at rate `r` it delivers `round(n · 16000 / r)` samples. Parts of a file
/// (`SoundLinks`) follow each other. Memory: some blocks of 16,384 samples, however long the file; only a stream in
/// another format than WAV or AU is first copied to memory, up to 256 MiB. The content decides on the format, not the
/// name, so headerless formats are refused. Not a decoder of video, and not seekable.
package final class FileSource: AudioSource {
  /// What the file holds at its start.
  package let native: NativeFormat
  /// Length in seconds, as far as known before reading: nil for a stream and for some cut files.
  package let duration: Double?
  /// What its user should know of the file. Known from when `read` has returned 0.
  package private(set) var remarks: [FileRemark] = []

  private var state: State

  private enum State {
    /// Decoding straight into the caller's buffer: the file has the pipeline's rate.
    case copying(SoundFile)
    /// Decoding into `block`, whose samples in `pending` await resampling.
    case resampling(SoundFile, Resampler, pending: Range<Int>)
    /// The file is read, or goes on at another rate; the resampler holds the last samples.
    case flushing(SoundFile, Resampler)
    case ended
    case failed(AudioError)
  }

  /// Samples of one block, mono, at the native rate: a third of a second at 48 kHz.
  private static let blockLength = 16_384
  private var block: [Float] = []

  /// Opens a file by name; `-` is standard input. Waits, for a stream, until its header is there.
  package convenience init(path: String, channel: ChannelChoice = .mean) throws(AudioError) {
    if path == "-" {
      try self.init(descriptor: STDIN_FILENO, name: "standard input", channel: channel)
    } else {
      try self.init(InputFile(path: path), channel)
    }
  }

  /// Reads what is open already, from its present place on; the descriptor stays the caller's to close.
  /// - Parameter name: what messages call it.
  package convenience init(descriptor: Int32, name: String, channel: ChannelChoice = .mean) throws(AudioError) {
    try self.init(InputFile(duplicating: descriptor, place: name), channel)
  }

  private init(_ input: InputFile, _ channel: ChannelChoice) throws(AudioError) {
    let file = try SoundFile(input, channel: channel)
    native = file.native
    duration = file.duration
    state = try FileSource.start(of: file)
  }

  /// The state at the start of a part.
  private static func start(of file: SoundFile) throws(AudioError) -> State {
    let rate = file.native.sampleRate
    if rate == SampleRate.pipeline { return .copying(file) }
    return .resampling(file, try Resampler(from: Double(rate)), pending: 0..<0)
  }

  /// Fills the buffer, unless the end comes first. Cost: decoding, and below 1 ms per second of 48 kHz sound.
  package func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    precondition(!buffer.isEmpty, "a read of no samples cannot tell the end from progress")
    var filled = 0
    do throws(AudioError) {
      while filled < buffer.count {
        guard let count = try step(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...])) else { break }
        filled += count
      }
    } catch {
      state = .failed(error)
      throw error
    }
    return filled
  }

  /// One move of the state machine; returns how many samples it wrote, possibly 0, or nil at the end.
  private func step(into rest: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int? {
    switch state {
    case .copying(let file):
      let count = try file.read(into: rest)
      if count == 0 { state = try ended(file) }
      return count
    case .resampling(let file, let resampler, let pending):
      guard pending.isEmpty else {
        let (consumed, produced) = block.withUnsafeBufferPointer {
          resampler.process(UnsafeBufferPointer(rebasing: $0[pending]), into: rest)
        }
        state = .resampling(file, resampler, pending: pending.dropFirst(consumed))
        return produced
      }
      let count = try fill(from: file)
      state = count == 0 ? .flushing(file, resampler) : .resampling(file, resampler, pending: 0..<count)
      return 0
    case .flushing(let file, let resampler):
      let produced = resampler.flush(into: rest)
      if produced == 0 { state = try ended(file) }
      return produced
    case .ended:
      return nil
    case .failed(let error):
      throw error
    }
  }

  /// Decodes the next block; returns its length.
  private func fill(from file: SoundFile) throws(AudioError) -> Int {
    if block.isEmpty { block = Array(repeating: 0, count: FileSource.blockLength) }
    // Not in a closure of withUnsafeMutableBufferPointer, which drops the type of the error in Swift 6.0.
    var failure: AudioError?
    let count = block.withUnsafeMutableBufferPointer { buffer in
      do throws(AudioError) { return try file.read(into: buffer) } catch { failure = error }
      return 0
    }
    if let failure { throw failure }
    return count
  }

  /// What comes after the last frame of a part.
  private func ended(_ file: SoundFile) throws(AudioError) -> State {
    if file.goesOn { return try FileSource.start(of: file) }
    remarks = file.remarks
    return .ended
  }
}
