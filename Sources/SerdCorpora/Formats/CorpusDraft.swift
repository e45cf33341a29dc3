/// Collects what a reader finds: every file ends up as a recording or left out with a reason.
struct CorpusDraft {
  private(set) var recordings: [Recording] = []
  private(set) var leftOut: [LeftOut] = []
  private var seen: Set<String> = []

  mutating func leaveOut(_ path: String, _ reason: String) { leftOut.append(LeftOut(path, reason)) }

  /// Takes a recording, unless there is one of the same key already; case does not matter.
  mutating func add(_ recording: Recording, key: String) {
    if seen.insert(key.lowercased()).inserted {
      recordings.append(recording)
    } else {
      leaveOut(recording.path, "a second file of this name")
    }
  }

  /// The finished corpus; refused if it has no recording.
  func corpus(
    name: String, labels: [String], folder: String, example: String, terms: String
  ) throws(CorpusError) -> Corpus {
    guard !recordings.isEmpty else {
      let reason = LeftOut.summary(leftOut, examples: 0).first.map { " (\($0))" } ?? ""
      throw CorpusError(
        "no recording in \(folder) has a name like \(example)\(reason)",
        advice: "give the folder of \(name) and its format")
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: leftOut, terms: terms)
  }
}
