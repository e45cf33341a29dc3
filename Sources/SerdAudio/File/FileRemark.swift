import SerdSystem

/// Something about a file that was read all the same, and that its user should know.
package struct FileRemark: Equatable, Sendable, CustomStringConvertible {
  /// The file, as its user named it.
  package let place: String
  /// What it is.
  package let kind: Kind

  /// All times are in seconds.
  package enum Kind: Equatable, Sendable {
    /// It holds less than its header promises; where decoding failed, why.
    case cut(promised: Double, found: Double, problem: String?)
    /// It is damaged, or a part of it cannot be decoded.
    case damaged(found: Double, problem: String)
    /// Its last page is missing, so it was cut at an unknown place.
    case unended(found: Double)
    /// Its header is of an earlier time: the recording was never finished.
    case unfinished(stated: Double, found: Double)
    /// Its channels cancel each other; this one was taken, counted from 1.
    case cancelling(channel: Int, of: Int)
  }

  /// Differences below this, in seconds, are sloppy headers and not worth a word.
  static let worthAWord = 0.001

  /// Whether sound is missing.
  package var isLoss: Bool {
    switch kind {
    case .cut, .damaged, .unended: true
    case .unfinished, .cancelling: false
    }
  }

  /// One line: where, what it is, what to do.
  package var description: String {
    "\(printable(place)): \(problem)" + (isLoss ? "; if that is too little, record or copy it again" : "")
  }

  /// What it is, without the file.
  package var problem: String {
    switch kind {
    case .cut(let promised, let found, let problem):
      "the header promises \(seconds(promised)), the file holds \(seconds(found))\(problem.map { " (\($0))" } ?? "")"
    case .damaged(let found, let problem): "\(seconds(found)) could be read (\(problem))"
    case .unended(let found): "its end is missing, the file holds \(seconds(found))"
    case .unfinished(let stated, let found):
      "the recording was never finished: its header tells of \(seconds(stated)), all \(seconds(found)) were read"
    case .cancelling(let channel, let count):
      "its \(count) channels cancel each other (opposite phase), so channel \(channel) alone was heard"
    }
  }
}

/// A time for messages, to the millisecond, as "1.2 s".
func seconds(_ time: Double) -> String { "\((time * 1000).rounded() / 1000) s" }
