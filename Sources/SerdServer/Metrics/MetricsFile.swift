import Glibc
import SerdProtocol
import SerdSystem

/// Writes metrics where Prometheus' node exporter looks for them.
package struct MetricsFile {
  /// Seconds between two writes.
  static let interval = 15.0

  /// The target.
  package let path: String
  /// When to write next; nil: at once.
  private var due: Timestamp?
  private var hasFailed = false

  /// - Parameter path: the target; its folder must exist and be writable.
  package init(path: String) { self.path = path }

  /// Whether it is time to write; if so, the next time is an interval later.
  mutating func isDue(at now: Timestamp) -> Bool {
    if let due, now < due { return false }
    due = now.advanced(bySeconds: Self.interval)
    return true
  }

  /// Writes the text; says why not when that begins, and nothing while it lasts.
  package mutating func write(_ text: String) -> String? {
    do throws(Errno) {
      try AtomicFile.write(text.utf8, to: path)
      hasFailed = false
      return nil
    } catch {
      defer { hasFailed = true }
      return hasFailed
        ? nil : "the metrics file \(path) cannot be written: \(error.words); trying again with every write"
    }
  }

  /// Removes the file: numbers of a daemon that no longer runs would be wrong.
  package func remove() { unlink(path) }
}
