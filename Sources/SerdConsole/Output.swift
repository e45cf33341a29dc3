import Glibc
import SerdSystem

/// Standard output and standard error, for programs that answer there: data on stdout, messages on stderr, unbuffered.
package enum Output {
  /// The program's name, as messages begin.
  private static let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "serd"

  /// Writes all of `text` to stdout.
  ///
  /// - Throws: `OutputError` if it takes no more, which is not to pass for success.
  package static func write(_ text: String) throws(OutputError) {
    do throws(Errno) {
      try writeAll(text.utf8, to: STDOUT_FILENO)
    } catch {
      throw OutputError(errno: error)
    }
  }

  /// A line on stderr, with the program's name. If it cannot be written there is nobody left to tell.
  package static func warn(_ text: String) { say("\(program): \(text)") }

  /// A line of progress on stderr. Names of files come from outside.
  package static func say(_ text: String) { try? writeAll("\(TextTable.harmless(text))\n".utf8, to: STDERR_FILENO) }

  /// What is going on, for a person at a terminal.
  package static func note(_ text: String) {
    if isatty(STDERR_FILENO) == 1 { warn(text) }
  }
}

/// Standard output cannot take more: a full disk, or a reader that went away.
package struct OutputError: ExplainedError {
  /// The system's reason.
  package let errno: Errno

  package init(errno: Errno) { self.errno = errno }

  /// Nobody reads any more, as after `| head`.
  package var isReaderGone: Bool { errno.code == EPIPE }

  package var cause: ErrorCause { .cannotWrite }
  package var place: String? { "standard output" }
  package var problem: String { "cannot be written: \(errno.words); the answer is incomplete" }
  package var advice: String { "free the disk or pipe it elsewhere" }
}
