import CSndFile
import SerdSystem
import Synchronization

/// Sound as libsndfile decodes it. All calls of libsndfile are here and in `SoundFileLibrary+Description.swift`.
///
/// The content decides on the format, never a file's name: libsndfile would take headerless noise for sound where a
/// name ends in `.vox` or `.gsm`.
final class SoundFileDecoder: FrameDecoder {
  let native: NativeFormat
  let frames: Int?
  /// Frames that a header promises of which libsndfile alone knows (AIFF, AU, FLAC); nil where it promises none.
  let promisedFrames: Int?
  private(set) var problem: String?

  private let library: SoundFileLibrary
  private let handle: OpaquePointer
  private let bytes: SoundBytes

  init(_ bytes: SoundBytes) throws(AudioError) {
    let library = try SoundFileLibrary.loaded()
    let (handle, info) = try SoundFileDecoder.open(bytes, library)
    guard SampleRate.accepted.contains(Int(info.samplerate)) else {
      _ = library.close(handle)
      throw AudioError(
        .badData, at: bytes.input.place, "has a sample rate of \(info.samplerate) Hz; \(SampleRate.range) are read",
        advice: "convert it to a usual rate, as 16000 Hz")
    }
    self.library = library
    self.handle = handle
    self.bytes = bytes
    native = NativeFormat(
      sampleRate: Int(info.samplerate), channels: Int(info.channels), name: library.name(ofFormat: info.format))
    // Ogg files cut short have the largest number for a length, and streams a very large one.
    let stated = info.frames < Int64(1) << 48 ? Int(info.frames) : nil
    frames = bytes.input.isStream ? nil : stated
    promisedFrames = DataChunk(log: library.log(of: handle)).promisedFrames(stated: stated)
  }

  deinit { _ = library.close(handle) }

  /// libsndfile keeps the reason of a failed opening in one variable for all threads.
  private static let oneAtATime = Mutex(())

  private static func open(
    _ bytes: SoundBytes, _ library: SoundFileLibrary
  ) throws(AudioError) -> (OpaquePointer, SF_INFO) {
    let place = bytes.input.place
    // As a number, since the lock takes nothing that belongs to this thread.
    let user = UInt(bitPattern: Unmanaged.passUnretained(bytes).toOpaque())
    do throws(AudioError) {
      return try oneAtATime.withLock { _ throws(AudioError) in
        var info = SF_INFO()
        var callbacks = SoundFileDecoder.callbacks
        let handle = library.open(&callbacks, Int32(SFM_READ), &info, UnsafeMutableRawPointer(bitPattern: user))
        guard let handle else { throw library.openingError(place) }
        return (handle, info)
      }
    } catch {
      throw bytes.failure.map { AudioError.opening(place, $0) } ?? error
    }
  }

  /// How libsndfile reads a `SoundBytes`, which lives as long as the handle.
  private static var callbacks: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(SoundFileDecoder.bytes($0).count) },
      seek: { offset, whence, user in sf_count_t(SoundFileDecoder.bytes(user).seek(Int(offset), whence: whence)) },
      read: { target, count, user in
        let buffer = UnsafeMutableRawBufferPointer(start: target, count: max(0, Int(count)))
        return sf_count_t(SoundFileDecoder.bytes(user).read(into: buffer))
      }, write: { _, _, _ in 0 }, tell: { sf_count_t(SoundFileDecoder.bytes($0).position) })
  }

  private static func bytes(_ user: UnsafeMutableRawPointer?) -> SoundBytes {
    Unmanaged<SoundBytes>.fromOpaque(user!).takeUnretainedValue()
  }

  func read(into block: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let count = Int(library.readFrames(handle, block.baseAddress, sf_count_t(block.count / native.channels)))
    if let error = bytes.failure { throw AudioError.opening(bytes.input.place, error) }
    // libsndfile forgets the reason with the next call, and goes on after some kinds of damage.
    if problem == nil, library.errorCode(handle) != SF_ERR_NO_ERROR {
      problem = String(cString: library.errorText(handle))
    }
    return count
  }
}
