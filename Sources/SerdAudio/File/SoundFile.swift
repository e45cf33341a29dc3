import CSndFile
import Synchronization

/// An audio file as libsndfile decodes it: native rate, mixed down to mono. All calls of libsndfile are here and in
/// `SoundFile+Description.swift`.
///
/// The content decides on the format, never the file's name: libsndfile would take headerless noise for sound where a
/// name ends in `.vox` or `.gsm`.
final class SoundFile {
  let native: NativeFormat
  /// As its user named it.
  let place: String
  /// Frames (samples of one channel) in the file as far as known before reading: a stream may have any number.
  let frames: Int?
  /// Frames that the header promises, which a cut file does not hold; nil where it promises none.
  let promisedFrames: Int?
  /// Frames read so far.
  private(set) var framesRead = 0
  /// What was wrong with the encoded data first, in libsndfile's words.
  private(set) var decodingProblem: String?

  private let library: SoundFileLibrary
  private let handle: OpaquePointer
  private let input: InputFile
  /// One block of all channels.
  private var interleaved: [Float]

  init(_ input: InputFile) throws(AudioError) {
    let place = input.place
    let isStream = input.isStream
    let library = try SoundFileLibrary.loaded()
    let (handle, info) = try SoundFile.open(input.descriptorToGiveAway(), place, library)
    guard SampleRate.accepted.contains(Int(info.samplerate)) else {
      _ = library.close(handle)
      throw AudioError(
        .badData, at: place, "has a sample rate of \(info.samplerate) Hz; \(SampleRate.range) are read",
        advice: "convert it to a usual rate, as 16000 Hz")
    }
    self.library = library
    self.handle = handle
    self.place = place
    self.input = input
    native = NativeFormat(
      sampleRate: Int(info.samplerate), channels: Int(info.channels), name: library.name(ofFormat: info.format))
    // Ogg files cut short have the largest number for a length, and streams whatever their header says.
    let stated = info.frames < Int64(1) << 48 ? Int(info.frames) : nil
    frames = isStream ? nil : stated
    promisedFrames = DataChunk(log: library.log(of: handle)).promisedFrames(stated: stated)
    interleaved = info.channels == 1 ? [] : Array(repeating: 0, count: max(16_384, Int(info.channels)))
  }

  deinit { _ = library.close(handle) }

  /// libsndfile keeps the reason of a failed opening in one variable for all threads.
  private static let oneAtATime = Mutex(())

  /// `descriptor` is libsndfile's from then on: its releases from 1.0.30 on close what they cannot open, asked to or
  /// not (issue 949 of libsndfile). If it were closed here as well, its number might be another file's by then.
  private static func open(
    _ descriptor: Int32, _ place: String, _ library: SoundFileLibrary
  ) throws(AudioError) -> (OpaquePointer, SF_INFO) {
    try oneAtATime.withLock { _ throws(AudioError) in
      var info = SF_INFO()
      let handle = library.open(descriptor, Int32(SFM_READ), &info, Int32(SF_TRUE))
      guard let handle else { throw library.openingError(place) }
      return (handle, info)
    }
  }

  /// Decodes and mixes down the next frames into `mono`, which is not empty; returns how many, 0 at the end.
  func read(into mono: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let count = native.channels == 1 ? readFrames(mono) : readAndMix(into: mono)
    if let bad = mono[..<count].firstIndex(where: { !($0.magnitude <= SampleRange.largest) }) {
      let time = Double(framesRead + bad) / Double(native.sampleRate)
      throw AudioError(
        .badData, at: place, "holds a sample that is no number (\(mono[bad])) at \(seconds(time))",
        advice: "export it again, as 16-bit PCM")
    }
    framesRead += count
    // libsndfile forgets the reason with the next call, and goes on after some kinds of damage.
    if decodingProblem == nil, library.errorCode(handle) != SF_ERR_NO_ERROR {
      decodingProblem = String(cString: library.errorText(handle))
    }
    return count
  }

  /// The mean of the channels, frame by frame.
  private func readAndMix(into mono: UnsafeMutableBufferPointer<Float>) -> Int {
    let channels = native.channels
    return interleaved.withUnsafeMutableBufferPointer { block in
      let count = readFrames(
        UnsafeMutableBufferPointer(rebasing: block[..<min(block.count, mono.count * channels)]))
      for frame in 0..<count {
        var sum: Float = 0
        for channel in 0..<channels { sum += block[frame * channels + channel] }
        mono[frame] = sum / Float(channels)
      }
      return count
    }
  }

  /// Fills `block` with whole frames; returns how many.
  private func readFrames(_ block: UnsafeMutableBufferPointer<Float>) -> Int {
    Int(library.readFrames(handle, block.baseAddress, sf_count_t(block.count / native.channels)))
  }
}
