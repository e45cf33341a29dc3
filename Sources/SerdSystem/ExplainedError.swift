/// What kind of thing went wrong, as coarse as an exit code; `ExitStatus` has the numbers.
package enum ErrorCause: Equatable, Sendable {
  /// The command asks for something that does not exist.
  case usage
  /// What is to be read is not there: missing, unreadable, a folder.
  case noInput
  /// It is there, but cannot be used.
  case badData
  /// Something that is needed is not there now: a microphone, a daemon, a lock.
  case unavailable
  /// The system refused something that should work.
  case system
  /// A file, a folder or standard output takes nothing.
  case cannotWrite
  /// A setting is wrong.
  case configuration
  /// A fault of this program or of a library, or no memory left.
  case `internal`
}

/// An error that a person is told of, in one line: where, what is wrong there, what to try.
///
/// Not for what a running program recovers from (an overrun, an unplugged microphone): those are states.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// The kind.
  var cause: ErrorCause { get }
  /// The file, device or setting, as its user named it; nil if `problem` says it.
  var place: String? { get }
  /// What is wrong there.
  var problem: String { get }
  /// What to try; empty if there is nothing to be tried.
  var advice: String { get }
}

extension ExplainedError {
  /// One line.
  package var description: String { advice.isEmpty ? complaint : "\(complaint); \(advice)" }

  /// Where and what, without advice. What controls a terminal is escaped in a name, and what is no UTF-8.
  package var complaint: String {
    guard let place else { return problem }
    return "\(printable(place)): \(problem)"
  }
}

/// The one shape of an error. Each target names its own by what it is about: `typealias AudioError = Explained<Audio>`.
package struct Explained<Subject>: ExplainedError, Equatable, Sendable {
  package let cause: ErrorCause
  package let place: String?
  package let problem: String
  package let advice: String

  /// - Parameters:
  ///   - place: the file, device or setting, as its user named it.
  ///   - problem: what is wrong there; it goes on where `place` ends.
  package init(_ cause: ErrorCause, at place: String? = nil, _ problem: String, advice: String = "") {
    self.cause = cause
    self.place = place
    self.problem = problem
    self.advice = advice
  }

  /// The same error with a place, for whoever knows it; one that has a place keeps it.
  package func at(_ place: String) -> Explained {
    self.place == nil ? Explained(cause, at: place, problem, advice: advice) : self
  }

  /// The same error with other advice, for whoever knows better what can be done.
  package func advising(_ advice: String) -> Explained { Explained(cause, at: place, problem, advice: advice) }
}
