import CALSA
import Glibc

/// One open capture device of libasound, in non-blocking mode. All calls to a running PCM are here, and what their errors mean.
///
/// It is opened without libasound's converters: those of rate alias, those of channels round. What the hardware or the sound
/// server offers natively is taken: 16-bit samples if there are, as few channels as there are, 16 kHz if there is, else 48 kHz or
/// what is nearest. Used from one thread.
final class CaptureDevice {
  /// What is captured.
  let native: NativeFormat

  private let pcm: OpaquePointer
  private let encoding: SampleEncoding
  private let raw: UnsafeMutableRawBufferPointer
  private let mono: UnsafeMutableBufferPointer<Float>

  /// What a wait for samples ends with.
  enum Outcome {
    /// `frames` mono samples; the last was heard at `heardAt`. Valid until the next `read`.
    case samples(UnsafeBufferPointer<Float>, heardAt: Int64)
    /// None within the time.
    case nothing
    /// Samples were lost, and capturing goes on: an overrun, or the machine slept.
    case interrupted(Gap.Cause)
    /// It delivers no more; open it anew.
    case lost(DeviceFault)
  }

  /// Opens a device by libasound's name for it and starts it.
  init(name: String) throws(DeviceFault) {
    let pcm = try PCM.open(name)
    do throws(DeviceFault) {
      let setup = try PCM.configure(pcm)
      try PCM.check(snd_pcm_prepare(pcm))
      // Without this a wait would never end: a capture stream starts by itself only with a read.
      try PCM.check(snd_pcm_start(pcm))
      encoding = setup.encoding
      native = NativeFormat(sampleRate: setup.rate, channels: setup.channels, name: setup.encoding.name)
      raw = .allocate(byteCount: setup.periodFrames * setup.channels * setup.encoding.byteCount, alignment: 16)
      mono = .allocate(capacity: setup.periodFrames)
    } catch {
      snd_pcm_close(pcm)
      throw error
    }
    self.pcm = pcm
  }

  deinit {
    snd_pcm_close(pcm)
    raw.deallocate()
    mono.deallocate()
  }

  /// Waits for samples, at most `timeout` milliseconds, and takes at most a period. Allocates nothing.
  func read(timeout: Int32) -> Outcome {
    let ready = snd_pcm_wait(pcm, timeout)
    guard ready > 0 else { return ready == 0 ? .nothing : failed(Int(ready)) }
    let count = snd_pcm_readi(pcm, raw.baseAddress, snd_pcm_uframes_t(mono.count))
    guard count > 0 else { return count == 0 ? .nothing : failed(count) }
    // What still waits in the device was heard after the samples that were read.
    let waiting = max(0, snd_pcm_avail(pcm))
    let heardAt = MonotonicClock.now - Int64(waiting) * 1_000_000_000 / Int64(native.sampleRate)
    encoding.mix(raw.baseAddress!, frames: count, channels: native.channels, into: mono.baseAddress!)
    return .samples(UnsafeBufferPointer(rebasing: mono[..<count]), heardAt: heardAt)
  }

  /// The policy for errors of a running device.
  private func failed(_ result: Int) -> Outcome {
    switch Int32(-result) {
    case EAGAIN, EINTR: .nothing
    case EPIPE: restarted(.overrun)
    case ESTRPIPE: resumed()
    default: .lost(DeviceFault(result: result))
    }
  }

  private func restarted(_ cause: Gap.Cause) -> Outcome {
    let prepared = snd_pcm_prepare(pcm)
    let result = prepared < 0 ? prepared : snd_pcm_start(pcm)
    return result < 0 ? .lost(DeviceFault(result: Int(result))) : .interrupted(cause)
  }

  /// After a suspend: some drivers resume, the others are started anew. One that still sleeps after a second is opened anew.
  private func resumed() -> Outcome {
    for _ in 0..<20 {
      let result = snd_pcm_resume(pcm)
      if result == 0 { return .interrupted(.deviceLost) }
      if result != -EAGAIN { break }
      usleep(50_000)
    }
    return restarted(.deviceLost)
  }
}
