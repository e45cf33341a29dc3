/// Why training cannot go on: one line that says what is wrong, where, and what to try.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and where.
  public let problem: String
  /// What to try.
  public let advice: String

  /// An error with what is wrong and what to try.
  public init(_ problem: String, advice: String) {
    self.problem = problem
    self.advice = advice
  }

  /// One line for the user.
  public var description: String { "\(problem); \(advice)" }
}
