/// Why audio cannot be had: one line that says where, what is wrong and what to try.
///
/// Not for what a running source recovers from (an overrun, an unplugged microphone): those are states.
package struct AudioError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong, as coarse as an exit code; the programs map it to theirs.
  package enum Kind: Equatable, Sendable {
    /// There is nothing to read: missing, unreadable, a folder.
    case noInput
    /// There is something, but no usable audio.
    case badData
    /// A fault of this program or of a library, or no memory left.
    case `internal`
  }

  /// The category.
  package let kind: Kind
  /// The file or device, as its user named it.
  package let place: String
  /// What is wrong there.
  package let problem: String
  /// What to try.
  package let advice: String

  /// An error of a file or device. Line breaks in its name are escaped, so that the description stays one line.
  package init(_ kind: Kind, place: String, problem: String, advice: String) {
    self.kind = kind
    self.place = place.contains(where: \.isNewline) ? place.debugDescription : place
    self.problem = problem
    self.advice = advice
  }

  /// One line: where, what, what to try.
  package var description: String { "\(place): \(problem); \(advice)" }
}
