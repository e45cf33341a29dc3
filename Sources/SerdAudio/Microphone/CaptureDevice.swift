import CALSA
import Glibc
import SerdSystem

/// One open capture device of libasound, in non-blocking mode. All calls to a running PCM are here, and what their
/// errors mean.
///
/// It is opened without libasound's converters: those of rate alias, those of channels round. What the hardware or the
/// sound server offers natively is taken: 16-bit samples if there are, as few channels as there are, 16 kHz if there
/// is, else 48 kHz or what is nearest. Used from one thread.
final class CaptureDevice {
  /// What is captured.
  let native: NativeFormat

  private let pcm: OpaquePointer
  private let encoding: SampleEncoding
  private let raw: UnsafeMutableRawBufferPointer
  private let interleaved: UnsafeMutableBufferPointer<Float>
  private let mono: UnsafeMutableBufferPointer<Float>
  private var mixer: ChannelMixer
  private let levels: ChannelLevels?
  /// Those of the PCM, and one more.
  private let descriptors: UnsafeMutableBufferPointer<pollfd>

  /// What a wait for samples ends with.
  enum Outcome {
    /// Mono samples, of which `clipped` were at full scale in some channel; the last was heard at `heardAt`. Valid
    /// until the next `read`.
    case samples(UnsafeBufferPointer<Float>, clipped: Int, heardAt: Int64)
    /// None within the time.
    case nothing
    /// Samples were lost, and capturing goes on: an overrun, or the machine slept.
    case interrupted(Gap.Cause)
    /// It delivers no more; open it anew.
    case lost(DeviceFault)
  }

  /// The channel that is heard alone since the channels cancel each other, counted from 1; nil while they do not.
  var takenForCancelling: Int? { mixer.takenForCancelling }

  /// Opens a device by libasound's name for it and starts it.
  init(name: String, channel: ChannelChoice, levels: ChannelLevels? = nil) throws(DeviceFault) {
    let (pcm, setup) = try PCM.openConfigured(name, channel)
    do throws(DeviceFault) {
      guard channel.exists(among: setup.channels) else { throw .noChannel(channel, of: setup.channels) }
      try PCM.check(snd_pcm_prepare(pcm))
      // Without this a wait would never end: a capture stream starts by itself only with a read.
      try PCM.check(snd_pcm_start(pcm))
      // A microphone has recorded nothing yet.
      if snd_pcm_avail_update(pcm) >= setup.bufferFrames, !ALSAConfiguration.allowsClockless { throw .clockless }
    } catch {
      snd_pcm_close(pcm)
      throw error
    }
    self.pcm = pcm
    encoding = setup.encoding
    native = NativeFormat(sampleRate: setup.rate, channels: setup.channels, name: setup.encoding.name)
    raw = .allocate(byteCount: setup.periodFrames * setup.channels * setup.encoding.byteCount, alignment: 16)
    // A device may leave what it is given as it was, as `null` does.
    raw.initializeMemory(as: UInt8.self, repeating: 0)
    interleaved = .allocate(capacity: setup.periodFrames * setup.channels)
    interleaved.initialize(repeating: 0)
    mono = .allocate(capacity: setup.periodFrames)
    mono.initialize(repeating: 0)
    mixer = ChannelMixer(channel, channels: setup.channels, measuresAll: levels != nil)
    self.levels = levels
    descriptors = .allocate(capacity: max(1, Int(snd_pcm_poll_descriptors_count(pcm))) + 1)
  }

  deinit {
    snd_pcm_close(pcm)
    raw.deallocate()
    interleaved.deallocate()
    mono.deallocate()
    descriptors.deallocate()
  }

  /// Waits for samples, at most `timeout` milliseconds or until `stop` is readable, and takes at most a period.
  /// Allocates nothing.
  ///
  /// Not by snd_pcm_wait, which starts its timeout anew with every wake-up that brings nothing.
  func read(timeout: Int32, orUntil stop: WakeUp) -> Outcome {
    let available = snd_pcm_avail_update(pcm)
    if available < 0 { return failed(available) }
    if available < mono.count {
      let result = wait(timeout, stop)
      guard result > 0 else { return result == 0 ? .nothing : failed(Int(result)) }
    }
    let count = snd_pcm_readi(pcm, raw.baseAddress, snd_pcm_uframes_t(mono.count))
    guard count > 0 else { return count == 0 ? .nothing : failed(count) }
    // What still waits in the device was heard after the samples that were read.
    let waiting = max(0, snd_pcm_avail(pcm))
    let heardAt = MonotonicClock.now - Int64(waiting) * 1_000_000_000 / Int64(native.sampleRate)
    let frames = UnsafeBufferPointer(rebasing: interleaved[..<(count * native.channels)])
    encoding.decode(raw.baseAddress!, count: frames.count, into: interleaved.baseAddress!)
    let clipped = mixer.mix(frames, into: mono.baseAddress!)
    levels?.note(mixer.powers)
    return .samples(UnsafeBufferPointer(rebasing: mono[..<count]), clipped: clipped, heardAt: heardAt)
  }

  /// 1 if samples are there, 0 if not yet, else a negative error number.
  private func wait(_ timeout: Int32, _ stop: WakeUp) -> Int32 {
    let count = snd_pcm_poll_descriptors(pcm, descriptors.baseAddress, UInt32(descriptors.count - 1))
    if count < 0 { return count }
    descriptors[Int(count)] = pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0)
    let found = poll(descriptors.baseAddress, nfds_t(count) + 1, timeout)
    if found < 0 { return errno == EINTR ? 0 : -errno }
    if found == 0 || descriptors[Int(count)].revents != 0 { return 0 }
    var events: UInt16 = 0
    let result = snd_pcm_poll_descriptors_revents(pcm, descriptors.baseAddress, UInt32(count), &events)
    if result < 0 { return result }
    if Int32(events) & (POLLERR | POLLNVAL) == 0 { return Int32(events) & POLLIN != 0 ? 1 : 0 }
    switch snd_pcm_state(pcm) {
    case SND_PCM_STATE_XRUN: return -EPIPE
    case SND_PCM_STATE_SUSPENDED: return -ESTRPIPE
    case SND_PCM_STATE_DISCONNECTED: return -ENODEV
    default: return -EIO
    }
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

  /// After a suspend: some drivers resume, the others are started anew. One that still sleeps after a second is opened
  /// anew.
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
