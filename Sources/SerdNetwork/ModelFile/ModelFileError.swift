/// Why a model file cannot be used: one line that says what is wrong, where, and what to try.
package struct ModelFileError: Error, Equatable, CustomStringConvertible {
  /// Whose fault it is, so that a program can choose its exit code.
  package enum Kind: Sendable {
    /// The file cannot be read at all.
    case noInput
    /// The file is not a sound model.
    case badData
  }

  /// Whose fault it is.
  package let kind: Kind
  /// What is wrong and where in the file.
  package let problem: String
  /// What to try.
  package let advice: String

  /// An error with what is wrong and what to try.
  package init(
    _ problem: String, kind: Kind = .badData, advice: String = "use a model file written by sertrain, or copy it again"
  ) {
    self.kind = kind
    self.problem = problem
    self.advice = advice
  }

  /// One line for the user.
  package var description: String { "\(problem); \(advice)" }
}
