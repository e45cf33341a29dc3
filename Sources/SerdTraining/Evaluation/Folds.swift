/// A split of a corpus: train on some speakers, test on the others.
public struct Fold: Equatable, Sendable {
  /// What the fold is called in logs: the test speakers.
  public let name: String
  /// Indices into the corpus's recordings.
  public let train: [Int]
  /// Indices of the test speakers' recordings.
  public let test: [Int]

  /// Splits by speaker: `test` speakers against all others.
  public init(corpus: Corpus, testSpeakers: Set<String>) {
    name = testSpeakers.sorted().joined(separator: "+")
    let indices = corpus.recordings.indices
    train = indices.filter { !testSpeakers.contains(corpus.recordings[$0].speaker) }
    test = indices.filter { testSpeakers.contains(corpus.recordings[$0].speaker) }
  }
}

/// How a corpus is cut for evaluation (design.md §3.5). Every protocol keeps the speakers apart.
public enum EvaluationProtocol: Equatable, Sendable {
  /// Leave one speaker out: the headline.
  case loso
  /// Speakers in `count` groups, each left out once: cheaper than `loso`, for choosing a recipe.
  case groups(Int)

  /// `loso` or `groups-3`.
  public init?(name: String) {
    if name == "loso" {
      self = .loso
    } else if let count = Int(name.dropFirst(7)), name.hasPrefix("groups-"), count > 1 {
      self = .groups(count)
    } else {
      return nil
    }
  }

  /// What `init(name:)` reads.
  public var name: String {
    switch self {
    case .loso: "loso"
    case .groups(let count): "groups-\(count)"
    }
  }

  /// The folds of a corpus. Speakers are dealt to groups in sorted order, so a group mixes them.
  public func folds(of corpus: Corpus) -> [Fold] {
    let speakers = corpus.speakers
    switch self {
    case .loso:
      return speakers.map { Fold(corpus: corpus, testSpeakers: [$0]) }
    case .groups(let count):
      return (0..<min(count, speakers.count)).map { group in
        let members = speakers.indices.filter { $0 % count == group }.map { speakers[$0] }
        return Fold(corpus: corpus, testSpeakers: Set(members))
      }
    }
  }
}
