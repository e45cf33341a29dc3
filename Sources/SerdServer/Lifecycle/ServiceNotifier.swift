import CSystemd
import Glibc
import SerdProtocol
import SerdSystem

/// Tells systemd how the service is: sd_notify(3), `Type=notify-reload`. Without systemd (no `NOTIFY_SOCKET`) every
/// call does nothing.
package struct ServiceNotifier: Sendable {
  /// How often the watchdog must be fed at the least, in seconds; nil if systemd does not watch this process.
  package let watchdogInterval: Double?

  /// Reads `WATCHDOG_USEC` and `WATCHDOG_PID`.
  package init() {
    var microseconds: UInt64 = 0
    watchdogInterval = sd_watchdog_enabled(0, &microseconds) > 0 ? Double(microseconds) / 1e6 : nil
  }

  /// Start-up (or a reload) is over.
  package func ready(status: String) { send("READY=1\nSTATUS=\(line(status))") }
  /// One line for `systemctl status`.
  package func status(_ status: String) { send("STATUS=\(line(status))") }
  /// Feeds the watchdog.
  package func alive() { send("WATCHDOG=1") }
  /// A reload begins; `ready` ends it.
  package func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(MonotonicClock.now / 1000)") }
  /// Shutting down.
  package func stopping() { send("STOPPING=1\nSTATUS=Stopping") }

  private func send(_ state: String) { sd_notify(0, state) }
  /// A status is one line: a device's name may hold anything.
  private func line(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
