import Glibc
import SerdSystem

/// One line on a terminal that says how far a long work is, and changes in place. Nothing where stderr is no terminal.
package struct ProgressLine {
  /// Milliseconds between two looks at it.
  package static let interval: Int32 = 250

  /// Whether somebody looks.
  package let isShown: Bool
  private var isOnScreen = false
  private let start = MonotonicClock.now
  private var next: Int64

  /// Nothing yet; what is soon done shows none.
  package init() {
    isShown = isatty(STDERR_FILENO) == 1 && !["", "dumb"].contains(Environment["TERM"] ?? "")
    next = start + 4 * Int64(Self.interval) * 1_000_000
  }

  /// Seconds since it was made.
  package var seconds: Double { Double(MonotonicClock.now - start) / 1e9 }

  /// Shows the line that `text` gives, if it is time for another.
  package mutating func update(_ text: (ProgressLine) -> String) {
    guard isShown, MonotonicClock.now >= next else { return }
    next = MonotonicClock.now + Int64(Self.interval) * 1_000_000
    try? writeAll("\r\(text(self))\u{1B}[K".utf8, to: STDERR_FILENO)
    isOnScreen = true
  }

  /// Takes it off the screen, before something else is written.
  package mutating func clear() {
    guard isOnScreen else { return }
    try? writeAll("\r\u{1B}[K".utf8, to: STDERR_FILENO)
    isOnScreen = false
    next = 0
  }

  /// What is left at the same pace, in words.
  package func left(share: Double) -> String {
    share > 0 ? "\(TextTable.seconds(seconds * (1 - share) / share)) left" : "…"
  }
}
