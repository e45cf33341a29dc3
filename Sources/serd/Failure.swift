import ArgumentParser
import SerdConsole
import SerdSystem

/// What stands in the way of a command that is right in itself.
typealias CommandError = Explained<Serd>

extension ParsableCommand {
  /// Runs the command's work; an error of ours becomes one line on stderr and the documented exit code. (The argument
  /// parser's own way of printing an error would add a usage text.)
  func reporting(readerMayLeave: Bool = false, _ body: () throws -> Void) throws {
    if let status = try explaining(readerMayLeave: readerMayLeave, body) { throw ExitCode(status.rawValue) }
  }
}
