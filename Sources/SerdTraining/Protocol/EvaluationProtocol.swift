import SerdCorpora

/// How a corpus is cut for evaluation, and what may choose the epoch (ARCHITECTURE.md, "Training and evaluation"). All
/// but `paper` keep the speakers apart.
package enum EvaluationProtocol: Equatable, Sendable {
  /// Ten random folds that share speakers, the best epoch chosen on the test fold, as the published figures have it.
  case paper
  /// The same with one random fifth.
  case paper8020
  /// Leave one speaker out, a fixed number of epochs: the headline.
  case loso
  /// Leave one speaker out, with models that follow the test speaker's own speech, unlabelled and causally: never the
  /// headline.
  case losoAdapted
  /// Leave one speaker out, the epoch chosen on another speaker who is not trained on.
  case losoVal
  /// Speaker and sentence both unseen: per speaker the sentences in up to five groups, each left out once.
  case losoText
  /// One split: a fifth of the speakers, drawn once for all, is tested.
  case holdout
  /// Speakers in `count` groups, each left out once: cheaper than `loso`, for choosing a recipe.
  case groups(Int)
  /// Groups of `size` speakers next to each other in sorted order. RAVDESS numbers men odd and women even, so a group
  /// of three has both: the six folds of its eighteen actors here.
  case groupsOf(Int)
  /// Leave one corpus out: trained on all others, tested on all of one. What a model knows of people, rooms and
  /// languages that it has never met.
  case loco
  /// Leave one corpus out, with models that follow each test speaker's own speech, unlabelled and causally, in an order
  /// drawn at random.
  case locoAdapted
  /// Models of each corpus and of all, tested on strangers of every corpus, speakers in `count` groups (`CrossCorpus`).
  case cross(Int)

  private static let plainNames: [(String, EvaluationProtocol)] = [
    ("paper", .paper), ("paper-80-20", .paper8020), ("loso", .loso),
    ("loso-adapted", .losoAdapted), ("loso-val", .losoVal), ("loso-text", .losoText),
    ("holdout", .holdout), ("loco", .loco), ("loco-adapted", .locoAdapted),
  ]

  /// Names for messages.
  package static let names = plainNames.map(\.0) + ["groups-N", "groups-of-N", "cross-N"]

  /// A protocol by its name: one of `names`, with a number for N.
  package init?(name: String) {
    if let plain = Self.plainNames.first(where: { $0.0 == name }) {
      self = plain.1
    } else if name.hasPrefix("groups-of-"), let size = Int(name.dropFirst(10)), size > 0 {
      self = .groupsOf(size)
    } else if name.hasPrefix("groups-"), let count = Int(name.dropFirst(7)), count > 1 {
      self = .groups(count)
    } else if name.hasPrefix("cross-"), let count = Int(name.dropFirst(6)), count > 1 {
      self = .cross(count)
    } else {
      return nil
    }
  }

  /// What `init(name:)` reads.
  package var name: String {
    switch self {
    case .groups(let count): "groups-\(count)"
    case .groupsOf(let size): "groups-of-\(size)"
    case .cross(let count): "cross-\(count)"
    default: Self.plainNames.first { $0.1 == self }!.0
    }
  }

  /// Whether its figures are too good because test speakers were trained on, or chose the epoch.
  package var isLeaky: Bool { self == .paper || self == .paper8020 }

  /// Whether its name says that the models follow the test speaker.
  package var follows: Bool { self == .losoAdapted || self == .locoAdapted }

  /// Whether each of its folds is a corpus.
  var isOfCorpora: Bool { self == .loco || self == .locoAdapted }

  /// What a reader of its figures must know; printed with every one of them.
  package var caveat: String {
    switch self {
    case .paper, .paper8020:
      "LEAKY: test speakers are trained on, and the test fold chooses the epoch; only to stand beside published figures"
    case .loso: "speakers apart; nothing chosen on the test speaker"
    case .losoAdapted:
      "speakers apart; standardised by what was heard of the test speaker before, without labels"
    case .losoVal: "speakers apart; the epoch chosen on another speaker, who is not trained on"
    case .losoText: "speaker and sentence both unseen; nothing chosen on who is tested"
    case .holdout: "one split by speakers; nothing chosen on who is tested"
    case .loco: "corpora apart: nothing of the tested one was heard before, nothing chosen on it"
    case .locoAdapted:
      "corpora apart; standardised by what was heard of the test speaker before, without labels"
    case .groups, .groupsOf: "groups of speakers apart; nothing chosen on who is tested"
    case .cross: "groups of speakers apart, of every corpus; nothing chosen on who is tested"
    }
  }

  /// Refuses a corpus that the protocol cannot cut.
  package func check(_ corpus: Corpus) throws(TrainingError) {
    if case .cross(let count) = self {
      guard corpus.besideLabels.isEmpty else {
        throw TrainingError(
          .usage, "\(name) tests all its corpora, and one that is trained beside another is not tested",
          advice: "join it instead")
      }
      let parts = corpus.parts
      guard parts.count > 1 else {
        throw TrainingError(
          .usage, "\(name) needs several corpora, and \(corpus.name) is one", advice: "join it with another")
      }
      for part in parts where corpus.speakers(of: part).count < count {
        throw TrainingError(.usage, "\(part) has fewer than \(count) speakers", advice: "use fewer groups")
      }
    }
    if isOfCorpora, corpus.testedParts.count < 2 {
      throw TrainingError(
        .usage, "\(name) needs several corpora, and \(corpus.name) is one", advice: "add others with --also")
    }
    let speakers = corpus.speakers.count
    guard speakers > 1 || isLeaky else {
      throw TrainingError(
        "\(corpus.name) has one speaker, and \(name) tests on speakers who are not trained on",
        advice: "give recordings of two speakers or more")
    }
    switch self {
    case .groups(let count) where speakers < count:
      throw TrainingError(
        .usage, "\(corpus.name) has \(speakers) speakers, fewer than \(name) has groups",
        advice: "use fewer groups")
    case .groupsOf(let size) where speakers <= size:
      throw TrainingError(
        .usage, "\(corpus.name) has \(speakers) speakers, one group of \(name), and none is left to train on",
        advice: "use smaller groups")
    default: break
    }
    if self == .losoVal, speakers < 3 {
      throw TrainingError(
        "loso-val needs three speakers, \(corpus.name) has \(speakers)", advice: "use another protocol")
    }
    if self == .losoText {
      guard corpus.texts.count > 1, corpus.recordings[corpus.own].allSatisfy({ !$0.text.isEmpty }) else {
        throw TrainingError(
          "\(corpus.name) does not say which sentence every recording has", advice: "use loso instead of loso-text")
      }
    }
  }
}

/// As its name.
extension EvaluationProtocol: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let known = EvaluationProtocol(name: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "there is no protocol \(name)")
    }
    self = known
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
