import SerdSystem
import Synchronization

/// What the capture thread does: opens the device, passes its samples on, and starts anew when it is lost, until
/// stopped.
///
/// Neither a missing device nor a failing one ends it. Between attempts it sleeps; `DeviceWatch` says how long.
final class CaptureLoop: Sendable {
  private let device: String
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
    /// That it was opened. When it was lost, that it is missing then is no news.
    case opening
    case refusal(DeviceCondition.Reason)

    func isNews(_ reason: DeviceCondition.Reason) -> Bool {
      switch self {
      case .nothing: true
      case .opening: reason.obstacle != .missing
      case .refusal(let last): reason != last
      }
    }
  }

  /// A device that says nothing for so long is opened anew.
  private static let longestSilence: Int64 = 2_000_000_000
  /// The longest sleep while samples fail to come, in milliseconds.
  private static let patience: Int32 = 500

  init(device: String, folder: String, longestWait: Duration, queue: CaptureQueue) throws(Errno) {
    self.device = device
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
    while !isStopping.load(ordering: .acquiring) {
      watch.forget()
      do throws(DeviceFault) {
        let capture = try CaptureDevice(name: device)
        told = .opening
        writer.report(.capturing(capture.native))
        let (fault, hasSound) = pass(from: capture, to: &writer)
        guard let fault else { return }
        if hasSound { watch.reset() }
        writer.interrupt(.deviceLost)
        writer.report(.waiting(fault.lost(device)))
      } catch {
        writer.interrupt(.deviceLost)
        let reason = error.refused(device)
        if told.isNews(reason) {
          told = .refusal(reason)
          writer.report(.waiting(reason))
        }
      }
      progress.add(1, ordering: .relaxed)
      watch.sleep(orUntil: stopRequest)
    }
  }

  /// Passes samples on until the device fails, or until stopped, which is no fault. Allocates nothing but when
  /// something goes wrong.
  private func pass(
    from capture: CaptureDevice, to writer: inout CaptureWriter
  ) -> (fault: DeviceFault?, hasSound: Bool) {
    var lastSamples = MonotonicClock.now
    var hasSound = false
    while !isStopping.load(ordering: .acquiring) {
      switch capture.read(timeout: CaptureLoop.patience, orUntil: stopRequest) {
      case .samples(let block, let clipped, let heardAt):
        writer.append(
          block, clipped: clipped, heardAt: heardAt, asleep: MonotonicClock.asleep,
          sampleRate: capture.native.sampleRate)
        lastSamples = MonotonicClock.now
        progress.add(1, ordering: .relaxed)
        hasSound = true
      case .nothing:
        if MonotonicClock.now - lastSamples > CaptureLoop.longestSilence { return (.silent, hasSound) }
      case .interrupted(let cause):
        writer.interrupt(cause)
      case .lost(let fault):
        return (fault, hasSound)
      }
    }
    return (nil, hasSound)
  }
}
