import SerdSystem
import Synchronization

/// What the capture thread does: opens the device, passes its samples on, and starts anew when it is lost, until
/// stopped.
///
/// Neither a missing device nor a failing one ends it. Between attempts it sleeps; `DeviceWatch` says how long.
final class CaptureLoop: Sendable {
  private let device: String
  private let channel: ChannelChoice
  private let levels: ChannelLevels?
  private let folder: String
  private let longestWait: Duration
  private let queue: CaptureQueue
  private let stopRequest: WakeUp
  private let isStopping = Atomic<Bool>(false)
  /// Blocks of sound and attempts to open so far.
  let progress = Atomic<Int>(0)

  /// What was told of the device last.
  private enum Told {
    case nothing
    /// That it captures, or was lost after that. That it is missing then is no news.
    case capturing
    case refusal(DeviceCondition.Reason)

    func isNews(_ reason: DeviceCondition.Reason) -> Bool {
      switch self {
      case .nothing: true
      case .capturing: reason.obstacle != .missing
      case .refusal(let last): reason != last
      }
    }
  }

  /// A device that says nothing for so long is opened anew.
  private static let longestSilence: Int64 = 2_000_000_000
  /// One that delivered sound for so long works: after it fails, it is tried again soon.
  private static let steadyTime: Int64 = 10_000_000_000
  /// For so long a suspect device must keep time.
  private static let trialTime: Int64 = 5_000_000_000
  /// The longest sleep while samples fail to come, in milliseconds.
  private static let patience: Int32 = 500

  init(
    device: String, channel: ChannelChoice, levels: ChannelLevels?, folder: String, longestWait: Duration,
    queue: CaptureQueue
  ) throws(Errno) {
    self.device = device
    self.channel = channel
    self.levels = levels
    self.folder = folder
    self.longestWait = longestWait
    self.queue = queue
    stopRequest = try WakeUp()
  }

  /// Lets `run` return soon. From any thread.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    stopRequest.signal()
  }

  /// Captures until stopped; on a thread of its own.
  func run() {
    var writer = CaptureWriter(queue: queue, now: MonotonicClock.now, asleep: MonotonicClock.asleep)
    var watch = DeviceWatch(folder: folder, longest: longestWait)
    var told = Told.nothing
    // Whether it was too fast for a microphone when it was open last.
    var isSuspect = false
    while !isStopping.load(ordering: .acquiring) {
      watch.forget()
      do throws(DeviceFault) {
        let capture = try CaptureDevice(name: device, channel: channel, levels: levels)
        let (fault, heard) = pass(from: capture, to: &writer, isSuspect: isSuspect)
        guard let fault else { return }
        isSuspect = fault == .clockless
        writer.interrupt(.deviceLost)
        if let heard {
          told = isSuspect ? .refusal(fault.refused(device)) : .capturing
          if heard >= CaptureLoop.steadyTime { watch.reset() }
          writer.report(.waiting(fault.lost(device)))
        } else {
          tell(fault.refused(device), &told, &writer)
        }
      } catch {
        writer.interrupt(.deviceLost)
        let reason = error.refused(device)
        // udev gives a new node its group some time after it appears: a change that the watch sees.
        if reason.obstacle != .denied || !watch.isSettling { tell(reason, &told, &writer) }
      }
      progress.add(1, ordering: .relaxed)
      watch.sleep(orUntil: stopRequest)
    }
  }

  private func tell(_ reason: DeviceCondition.Reason, _ told: inout Told, _ writer: inout CaptureWriter) {
    guard told.isNews(reason) else { return }
    told = .refusal(reason)
    writer.report(.waiting(reason))
  }

  /// Passes samples on until the device fails, or until stopped, which is no fault. `heard` is for how many nanoseconds
  /// it delivered samples, nil if it never did: only with the first is it said to capture. Allocates nothing after
  /// them, but when something goes wrong. A device that is suspect must first keep time for a while, unheard.
  private func pass(
    from capture: CaptureDevice, to writer: inout CaptureWriter, isSuspect: Bool
  ) -> (fault: DeviceFault?, heard: Int64?) {
    var lastSamples = MonotonicClock.now
    var firstSamples: Int64?
    var heard: Int64? { firstSamples.map { lastSamples - $0 } }
    let start = lastSamples
    var clock = SourceClock(sampleRate: capture.native.sampleRate, now: start)
    let allowsClockless = ALSAConfiguration.allowsClockless
    while !isStopping.load(ordering: .acquiring) {
      switch capture.read(timeout: CaptureLoop.patience, orUntil: stopRequest) {
      case .samples(let block, let clipped, let heardAt):
        lastSamples = MonotonicClock.now
        progress.add(1, ordering: .relaxed)
        if clock.isTooFast(block.count, now: lastSamples), !allowsClockless { return (.clockless, heard) }
        if isSuspect, lastSamples - start < CaptureLoop.trialTime { continue }
        if firstSamples == nil {
          firstSamples = MonotonicClock.now
          writer.report(.capturing(capture.native))
        }
        writer.append(
          block, clipped: clipped, heardAt: heardAt, asleep: MonotonicClock.asleep,
          sampleRate: capture.native.sampleRate)
        writer.report(cancelling: capture.takenForCancelling != nil)
      case .nothing:
        if MonotonicClock.now - lastSamples > CaptureLoop.longestSilence { return (.silent, heard) }
      case .interrupted(let cause):
        writer.interrupt(cause)
      case .lost(let fault):
        return (fault, heard)
      }
    }
    return (nil, heard)
  }
}
