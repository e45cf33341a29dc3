/// Feeds systemd's watchdog with the source's progress: a block of sound that was captured, an attempt to open the device that
/// ended. A pipeline or a capture thread that hangs feeds nothing, and systemd restarts the service.
struct Watchdog {
  private let notifier: ServiceNotifier
  private var lastProgress = -1

  init(notifier: ServiceNotifier) { self.notifier = notifier }

  /// - Parameter progress: `LiveSource.progress`, read after what it delivered was worked off.
  mutating func feed(progress: Int) {
    guard notifier.watchdogInterval != nil, progress != lastProgress else { return }
    lastProgress = progress
    notifier.alive()
  }
}
