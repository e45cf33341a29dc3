import Foundation

/// Why training cannot go on: one line that says what is wrong, where, and what to try.
package struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// Whose fault it is, so that a program can choose its exit code.
  package enum Kind: Sendable {
    /// The command asks for something that does not exist.
    case usage
    /// A folder or file that is to be read is not there.
    case noInput
    /// It is there, but cannot be used; or the training itself failed.
    case badData
    /// Another process is at it.
    case unavailable
    /// A file or folder cannot be written.
    case cannotWrite
  }

  /// The category.
  package let kind: Kind
  /// What is wrong and where.
  package let problem: String
  /// What to try.
  package let advice: String

  /// An error with what is wrong and what to try.
  package init(_ problem: String, kind: Kind = .badData, advice: String) {
    self.kind = kind
    self.problem = problem
    self.advice = advice
  }

  /// One line for the user.
  package var description: String { "\(problem); \(advice)" }

  /// Why Foundation could not read or write, for the middle of a line: the system's words where it has them ("No space
  /// left on device"), which say more than Foundation's.
  package static func reason(of error: any Error) -> String {
    let error = error as NSError
    let cause = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? error
    guard cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(cause.code)))
  }
}
