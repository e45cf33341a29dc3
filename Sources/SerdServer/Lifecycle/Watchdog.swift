import SerdProtocol

/// Feeds systemd's watchdog with the source's progress: a block of sound that was captured, an attempt to open the
/// device that ended. A pipeline or a capture thread that hangs feeds nothing, and systemd restarts the service.
struct Watchdog {
  private let notifier: ServiceNotifier
  /// What it was fed with last.
  private var last: (progress: Int, time: Timestamp)?

  init(notifier: ServiceNotifier) { self.notifier = notifier }

  /// Feeds it if there was progress, four times per interval at most: a block of sound every 32 ms is more than systemd
  /// needs.
  ///
  /// - Parameter progress: `LiveSource.progress`, read after what it delivered was worked off.
  mutating func feed(progress: Int, now: Timestamp) {
    guard let interval = notifier.watchdogInterval else { return }
    if let last, progress == last.progress || now.seconds - last.time.seconds < interval / 4 { return }
    last = (progress, now)
    notifier.alive()
  }
}
