/// What a run says of how its models were tested.
package enum TestedBy: Equatable, Sendable {
  /// By a protocol.
  case folds(EvaluationProtocol)
  /// Not at all: the model is of all speakers.
  case nobody
  /// By a protocol of another version, of this name.
  case unknown(String)

  private static let allSpeakers = "all speakers"

  init(name: String) {
    if let known = EvaluationProtocol(name: name) {
      self = .folds(known)
    } else {
      self = name == Self.allSpeakers ? .nobody : .unknown(name)
    }
  }

  /// What files and tables call it.
  package var name: String {
    switch self {
    case .folds(let evaluation): evaluation.name
    case .nobody: Self.allSpeakers
    case .unknown(let name): name
    }
  }

  /// The protocol, if it is one that this version knows.
  package var evaluation: EvaluationProtocol? {
    if case .folds(let evaluation) = self { evaluation } else { nil }
  }
}

/// As its name.
extension TestedBy: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(name: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
