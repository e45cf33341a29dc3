import SerdSystem

/// There is no daemon, or it does not answer: in one line where, what is wrong and what to try.
public struct EventClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The socket's path; nil if the daemon itself refuses.
  public let place: String?
  /// What is wrong there.
  public let problem: String
  /// What to try; empty if there is nothing to be tried.
  public let advice: String

  init(at place: String?, _ problem: String, advice: String = "") {
    self.place = place
    self.problem = problem
    self.advice = advice
  }

  /// In one line.
  public var description: String {
    Explained<EventClient>(.unavailable, at: place, problem, advice: advice).description
  }
}

extension EventClientError: ExplainedError {
  package var cause: ErrorCause { .unavailable }
}
