/// A split of a corpus: what is trained on, what is tested, and what may choose the epoch.
package struct Fold: Equatable, Sendable {
  /// What the fold is called in logs: the test speakers, unless the protocol has a better name.
  package let name: String
  /// Indices into the corpus's recordings.
  package let train: [Int]
  /// Indices of the recordings to test on.
  package let test: [Int]
  /// Recordings whose weighted accuracy chooses the epoch; none if the last one is taken.
  package let choosing: [Int]
  /// Names of the corpora that it is trained on, if that is what its protocol compares; else nil.
  package let trainedOn: [String]?

  /// Splits by speaker: `test` speakers against all others; the last epoch is taken.
  package init(corpus: Corpus, testSpeakers: Set<String>) {
    self.init(corpus: corpus, testSpeakers: testSpeakers, choosingSpeakers: [])
  }

  /// Splits by speaker in three.
  package init(corpus: Corpus, testSpeakers: Set<String>, choosingSpeakers: Set<String>) {
    func indices(of range: Range<Int>, _ isIncluded: (String) -> Bool) -> [Int] {
      range.filter { isIncluded(corpus.recordings[$0].speaker) }
    }
    self.init(
      name: testSpeakers.sorted().joined(separator: "+"),
      train: indices(of: corpus.recordings.indices) { !testSpeakers.contains($0) && !choosingSpeakers.contains($0) },
      test: indices(of: corpus.own) { testSpeakers.contains($0) },
      choosing: indices(of: corpus.own) { choosingSpeakers.contains($0) })
  }

  /// Any split.
  package init(name: String, train: [Int], test: [Int], choosing: [Int] = [], trainedOn: [String]? = nil) {
    self.name = name
    self.train = train
    self.test = test
    self.choosing = choosing
    self.trainedOn = trainedOn
  }
}
