/// The forms of one fold's network, side by side on its test speakers.
package struct QuantisationComparison: Codable, Equatable, Sendable {
  /// A form of the network.
  package enum Form: String, Codable, CaseIterable, CodingKeyRepresentable, Sendable {
    case float
    /// Float after as many more epochs as `trained` has: what those do without rounding.
    case continued
    /// Int8 after training, ranges from least to greatest value.
    case extremes
    /// Int8 after training, ranges of least error.
    case leastError
    /// Int8 with the last epochs trained on the rounded network.
    case trained

    /// In a table.
    package var title: String {
      switch self {
      case .float: "float"
      case .continued: "float, as long as QAT"
      case .extremes: "PTQ, least to greatest"
      case .leastError: "PTQ, least error"
      case .trained: "QAT"
      }
    }
  }

  /// The fold's name.
  package let fold: String
  /// The training's seed.
  package let seed: UInt64
  /// Epochs that `continued` and `trained` had more than the others.
  package let epochs: Int
  /// Decisions on the test speakers.
  package let decisions: [Form: [Decision]]
}
