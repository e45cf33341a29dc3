/// Why a model file cannot be used: one line that says what is wrong, where, and what to try.
public struct ModelFileError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and where in the file.
  public let problem: String
  /// What to try.
  public let advice: String

  public init(_ problem: String, advice: String = "use a file written by sertrain, or copy it again") {
    self.problem = problem
    self.advice = advice
  }

  public var description: String { "\(problem); \(advice)" }
}
