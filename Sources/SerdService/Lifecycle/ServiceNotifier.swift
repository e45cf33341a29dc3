import CSystemd
import Glibc

/// Tells systemd how the service is: sd_notify(3), `Type=notify-reload`. Without systemd (no `NOTIFY_SOCKET`) every call does nothing.
public struct ServiceNotifier: Sendable {
  /// How often the watchdog must be fed at the least, in seconds; nil if systemd does not watch this process.
  public let watchdogInterval: Double?

  /// Reads `WATCHDOG_USEC` and `WATCHDOG_PID`.
  public init() {
    var microseconds: UInt64 = 0
    watchdogInterval = sd_watchdog_enabled(0, &microseconds) > 0 ? Double(microseconds) / 1e6 : nil
  }

  /// Start-up (or a reload) is over.
  public func ready(status: String) { send("READY=1\nSTATUS=\(line(status))") }
  /// One line for `systemctl status`.
  public func status(_ status: String) { send("STATUS=\(line(status))") }
  /// Feeds the watchdog.
  public func alive() { send("WATCHDOG=1") }
  /// A reload begins; `ready` ends it.
  public func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(EventClock.system.monotonic() / 1000)") }
  /// Shutting down.
  public func stopping() { send("STOPPING=1\nSTATUS=Stopping") }

  private func send(_ state: String) { sd_notify(0, state) }
  /// A status is one line: a device's name may hold anything.
  private func line(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
