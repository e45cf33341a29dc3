import SerdCorpora
import SerdLearning

extension EvaluationProtocol {
  /// The folds of a corpus, the same on every machine and for every seed of the training.
  ///
  /// Speakers are dealt to groups in sorted order, so a group mixes them. - Precondition: `check` has passed.
  package func folds(of corpus: Corpus) -> [Fold] {
    let speakers = corpus.speakers
    func fold(_ testSpeakers: some Sequence<String>) -> Fold { Fold(corpus: corpus, testSpeakers: Set(testSpeakers)) }
    switch self {
    case .paper: return randomFolds(of: corpus, count: 10, used: 10)
    case .paper8020: return randomFolds(of: corpus, count: 5, used: 1)
    case .loso, .losoAdapted: return speakers.map { fold([$0]) }
    case .losoVal:
      return speakers.indices.map { index in
        Fold(
          corpus: corpus, testSpeakers: [speakers[index]],
          choosingSpeakers: [speakers[(index + 1) % speakers.count]])
      }
    case .losoText: return textFolds(of: corpus)
    case .holdout:
      var generator = SeededGenerator(seed: 1)
      return [fold(speakers.shuffled(using: &generator).prefix(max(1, speakers.count / 5)))]
    case .groups(let count):
      return (0..<min(count, speakers.count)).map { group in
        fold(speakers.indices.filter { $0 % count == group }.map { speakers[$0] })
      }
    case .loco, .locoAdapted: return corpusFolds(of: corpus)
    case .cross(let count): return CrossCorpus(groups: count).folds(of: corpus)
    case .groupsOf(let size):
      return stride(from: 0, to: speakers.count, by: size).map { start in
        fold(speakers[start..<min(start + size, speakers.count)])
      }
    }
  }

  /// A fold for each corpus, named by it.
  private func corpusFolds(of corpus: Corpus) -> [Fold] {
    let parts = corpus.testedParts
    return parts.map { part in
      Fold(
        name: part, train: corpus.recordings.indices.filter { corpus.recordings[$0].corpus != part },
        test: corpus.own.filter { corpus.recordings[$0].corpus == part }, trainedOn: parts.filter { $0 != part })
    }
  }

  /// Recordings dealt at random; pieces of one recording are dealt one by one, as in the original.
  private func randomFolds(of corpus: Corpus, count: Int, used: Int) -> [Fold] {
    var generator = SeededGenerator(seed: 1)
    let shuffled = Array(corpus.own).shuffled(using: &generator)
    let count = min(count, shuffled.count)
    return (0..<min(used, count)).map { number in
      let test = shuffled.indices.filter { $0 % count == number }.map { shuffled[$0] }.sorted()
      let isTested = Set(test)
      return Fold(
        name: used == 1 ? "random" : "random-\(number < 9 ? "0" : "")\(number + 1)",
        train: corpus.recordings.indices.filter { !isTested.contains($0) }, test: test, choosing: test)
    }
  }

  private func textFolds(of corpus: Corpus) -> [Fold] {
    let texts = corpus.texts
    let groupCount = min(5, texts.count)
    let group = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($0.element, $0.offset % groupCount) })
    return corpus.speakers.flatMap { speaker in
      (0..<groupCount).compactMap { number -> Fold? in
        func isLeftOut(_ recording: Recording) -> Bool { group[recording.text] == number }
        let indices = corpus.recordings.indices
        let test = corpus.own.filter { corpus.recordings[$0].speaker == speaker && isLeftOut(corpus.recordings[$0]) }
        let train = indices.filter { corpus.recordings[$0].speaker != speaker && !isLeftOut(corpus.recordings[$0]) }
        return test.isEmpty ? nil : Fold(name: "\(speaker)-text\(number + 1)", train: train, test: test, choosing: [])
      }
    }
  }
}
