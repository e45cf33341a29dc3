/// A file that holds less sound than its header promises: cut short, or damaged on the way. What is there is used; its
/// user is told.
package struct Truncation: Equatable, Sendable, CustomStringConvertible {
  /// The file, as its user named it.
  package let place: String
  /// Sound that the header promises, in seconds.
  package let promised: Double
  /// Sound that could be read, in seconds.
  package let found: Double
  /// Where decoding failed, libsndfile's words.
  package let decodingProblem: String?

  /// Differences below this, in seconds, are sloppy headers and not worth a word.
  static let worthAWord = 0.001

  /// One line: where, what is missing, what to do.
  package var description: String { "\(place): \(problem); if that is too little, record or copy it again" }

  /// What is missing, without the file.
  package var problem: String {
    let reason = decodingProblem.map { " (\($0))" } ?? ""
    return "the header promises \(seconds(promised)), the file holds \(seconds(found))\(reason)"
  }
}

/// A time for messages, to the millisecond, as "1.2 s".
func seconds(_ time: Double) -> String { "\((time * 1000).rounded() / 1000) s" }
