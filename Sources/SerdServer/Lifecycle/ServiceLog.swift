import Glibc
import SerdSystem

/// Lines for the person who runs the service, on stderr: with syslog's priorities (`<3>`, sd-daemon(3)) when the
/// journal reads them, with the program's name otherwise.
///
/// Not for events: those go to `EventServer` and `EventLog`.
package struct ServiceLog: Sendable {
  /// How urgent a line is, in syslog's numbers.
  package enum Priority: Int, Sendable {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6
  }

  private let hasPriorities: Bool

  /// - Parameter hasPriorities: nil to find out: systemd sets `JOURNAL_STREAM` where stderr goes to the journal.
  package init(hasPriorities: Bool? = nil) {
    self.hasPriorities = hasPriorities ?? (Environment["JOURNAL_STREAM"] != nil)
  }

  /// Writes one line; what follows a line break in `text` is joined to it. A line that cannot be written is lost: there
  /// is nobody left to tell.
  package func write(_ priority: Priority, _ text: String) {
    let line = "\(prefix(priority))\(text.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
    try? writeAll(line.utf8, to: STDERR_FILENO)
  }

  private func prefix(_ priority: Priority) -> String {
    hasPriorities ? "<\(priority.rawValue)>" : priority.rawValue <= 4 ? "serd: \(priority): " : "serd: "
  }
}
