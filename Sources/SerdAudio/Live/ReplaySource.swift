import Glibc
import SerdSystem

/// A recording that is played to the daemon as if it were a microphone, paced by the clock.
///
/// `heardAt` counts the recording's own time from the moment of `init` on: a sample at 2 s was heard at the start plus
/// 2 s. At speed 1 that is the monotonic clock, as with a microphone; at speed N the recording's time runs N times as
/// fast as the clock and away from it, so that times between events are those of the recording whatever the speed. The
/// first reading is `.device(.capturing)`, the last `.ended`; there are no gaps. A file that turns out damaged, or cut
/// short, ends where its sound ends: `problem` says so.
///
/// Standard input (`-`) is paced by who writes to it, never by the clock: `next` waits for it, then for at most 32 ms
/// of sound more. `init` waits for its header. Used from one thread.
package final class ReplaySource: LiveSource {
  /// The file's path, or `-`.
  package let name: String
  /// Why the sound ended before the file's end, or what else is to be known of the file, one line; nil if nothing, or
  /// while it has not ended yet.
  package private(set) var problem: String?

  private let file: FileSource
  /// Recorded seconds per second of the clock; nil: unpaced.
  private let speed: Double?
  private let start: Int64
  private var state = State.opened
  private var delivered = 0
  /// Samples delivered so far: see `LiveSource.progress`.
  package var progress: Int { delivered }
  private var monitor = SignalMonitor(sampleRate: SampleRate.pipeline)

  private enum State {
    /// The condition of the device is to be reported.
    case opened
    case playing
    /// This change is to be reported.
    case changed(SignalCondition)
    case ended
  }

  /// Samples that are delivered at once when the clock paces: the period of a sound card.
  private static let period = 512

  /// Opens the recording and starts the clock.
  package init(_ option: ReplayOption, channel: ChannelChoice = .mean) throws(AudioError) {
    name = option.path
    file = try FileSource(path: option.path, channel: channel)
    speed = option.speed > 0 && option.path != "-" ? option.speed : nil
    start = MonotonicClock.now
  }

  /// See `LiveSource.next`.
  package func next(into buffer: UnsafeMutableBufferPointer<Float>, timeout: Duration) -> LiveReading {
    precondition(!buffer.isEmpty, "a reading of no samples cannot tell the end from progress")
    switch state {
    case .opened:
      state = .playing
      return .device(.capturing(file.native))
    case .changed(let condition):
      state = .playing
      return .signal(condition)
    case .ended:
      return .ended
    case .playing:
      let due = samplesDue(upTo: buffer.count, timeout: timeout)
      return due == 0 ? .nothing : read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<due]))
    }
  }

  /// Ends the replay.
  package func stop() { state = .ended }

  private func read(into buffer: UnsafeMutableBufferPointer<Float>) -> LiveReading {
    var count = 0
    do throws(AudioError) {
      count = try file.read(into: buffer)
    } catch {
      problem = error.description
    }
    guard count > 0 else {
      if problem == nil { problem = file.remarks.first?.description }
      state = .ended
      return .ended
    }
    delivered += count
    if let change = monitor.observe(UnsafeBufferPointer(rebasing: buffer[..<count])) { state = .changed(change) }
    return .samples(count: count, heardAt: start + Int64(delivered) * 1_000_000_000 / Int64(SampleRate.pipeline))
  }

  /// Waits until at least a period is due, or the timeout; returns how many samples to read, at most `limit`.
  private func samplesDue(upTo limit: Int, timeout: Duration) -> Int {
    guard let speed else {
      if name == "-" {
        return Descriptors.awaitReadable(STDIN_FILENO, timeout: timeout).0 ? min(limit, ReplaySource.period) : 0
      }
      return limit
    }
    let wanted = min(limit, ReplaySource.period)
    let nanosecondsPerSample = 1e9 / (Double(SampleRate.pipeline) * speed)
    let due = start + Int64(Double(delivered + wanted) * nanosecondsPerSample)
    let now = MonotonicClock.now
    if due > now {
      let wait = min(due - now, max(0, timeout.nanoseconds))
      _ = Descriptors.awaitReadable(-1, timeout: .nanoseconds(wait))
      if MonotonicClock.now < due { return 0 }
    }
    let heard = Double(MonotonicClock.now - start) / nanosecondsPerSample
    return min(limit, max(wanted, Int(heard) - delivered))
  }
}
