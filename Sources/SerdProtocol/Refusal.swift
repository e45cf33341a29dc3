/// Why a line of a client was not understood, or why it is not served.
public struct Refusal: Codable, Equatable, Sendable {
  /// What is wrong with it.
  public enum Code: String, Codable, Sendable {
    /// The line is no JSON object of the form `{"type": …, "data": {…}}`, or no UTF-8.
    case malformed
    /// The line is longer than allowed.
    case tooLong = "too-long"
    /// The daemon knows no such type.
    case unknownType = "unknown-type"
    /// Too many refused lines; the connection ends.
    case tooManyErrors = "too-many-errors"
    /// As many clients as are served are connected; the connection ends.
    case full
  }
  /// For programs.
  public var code: Code
  /// For people.
  public var message: String

  /// Both.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}
