import SerdSystem

/// Sound from a capture device of ALSA, by libasound: hardware (`plughw:CARD=Mic`, `hw:1,0`), or whatever the system's
/// configuration offers (`default`, `pulse`).
///
/// It captures from `init` on, on a thread of its own, into a ring buffer; `next` takes from there, resamples and
/// reports. The first thing that it reports is the device's condition; it captures when samples come, so
/// `.device(.capturing)` is right before the first of them.
/// A device that is missing, busy, forbidden or lost is opened again and again: after 0.25 s, then at intervals that
/// double up to `longestWait`, and at once when a device node appears or changes in `folder`. Time without sound is
/// reported as `.gap` right before the first samples that follow it, whatever the cause; only the time until the first
/// opening, if that succeeds, is none.
///
/// `heardAt` is the time when the samples were taken from the sound card, less what waited in the card's buffer and in
/// the resampler; the delay of converter, USB and driver stays in it. It never goes back.
///
/// Cost: a wake-up per 32 ms, 0.4 MiB, and at other rates than 16 kHz that of `Resampler`. Who does not call `next` for
/// 1.4 s of 48 kHz sound (4 s of 16 kHz) loses sound, and is told with a gap of cause `overrun`.
///
/// It does not choose a device, set its volume, or cancel echoes. Used from one thread.
package final class MicrophoneSource: LiveSource {
  /// The device, as the user named it.
  package let name: String

  private let queue: CaptureQueue
  private let loop: CaptureLoop
  private let thread: WorkThread
  private var state = State.running

  private enum State {
    case running
    case stopped
  }

  private var reader: CaptureReader

  /// Starts to capture. Returns at once, whether there is such a device or not.
  ///
  /// - Parameters:
  ///   - device: libasound's name of it, as `serd devices` prints it.
  ///   - channel: which of its channels is heard.
  ///   - levels: gets how loud each channel is, if given.
  ///   - longestWait: the longest time between two attempts to open it.
  ///   - folder: where device nodes appear.
  /// - Throws: only when the process has no descriptors or threads left.
  package init(
    device: String, channel: ChannelChoice = .mean, levels: ChannelLevels? = nil, longestWait: Duration = .seconds(4),
    folder: String = "/dev/snd"
  ) throws(AudioError) {
    name = device
    do throws(Errno) {
      let queue = try CaptureQueue()
      let loop = try CaptureLoop(
        device: device, channel: channel, levels: levels, folder: folder, longestWait: longestWait, queue: queue)
      self.queue = queue
      self.loop = loop
      reader = CaptureReader(queue: queue)
      thread = try WorkThread(name: "serd-capture") { loop.run() }
    } catch {
      throw AudioError(
        .internal, at: device, "capturing cannot be started (\(error.words))",
        advice: "close other programs, or raise the limits of descriptors and threads")
    }
  }

  deinit { stop() }

  /// See `LiveSource.next`.
  package func next(into buffer: UnsafeMutableBufferPointer<Float>, timeout: Duration) -> LiveReading {
    precondition(!buffer.isEmpty, "a reading of no samples cannot tell silence from progress")
    guard case .running = state else { return .ended }
    if let reading = reader.take(into: buffer) { return reading }
    let deadline = MonotonicClock.now + timeout.nanoseconds
    while true {
      let rest = deadline - MonotonicClock.now
      guard rest > 0 else { return .nothing }
      queue.wakeUp.wait(.nanoseconds(rest))
      if let reading = reader.take(into: buffer) { return reading }
    }
  }

  /// See `LiveSource.progress`.
  package var progress: Int { loop.progress.load(ordering: .relaxed) }

  /// Ends capturing and closes the device. Takes as long as libasound needs for that, some milliseconds; for 1 s more
  /// if the machine sleeps just now.
  package func stop() {
    guard case .running = state else { return }
    state = .stopped
    loop.stop()
    thread.join()
  }
}
