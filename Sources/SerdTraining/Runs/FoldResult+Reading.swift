extension FoldResult {
  /// Reads a result, also one of an earlier version, which told under `cross-N` by names alone what was trained on (the
  /// fold's, `EMO-DB + RAVDESS, group 1`) and whose a speaker was (`RAVDESS:12`).
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    fold = try values.decode(String.self, forKey: .fold)
    seed = try values.decode(UInt64.self, forKey: .seed)
    trainingSeconds = try values.decode(Double.self, forKey: .trainingSeconds)
    testedBy = try values.decodeIfPresent(TestedBy.self, forKey: .testedBy)
    oneWindow = try values.decodeIfPresent([Decision].self, forKey: .oneWindow)
    emotionByEmotion = try values.decodeIfPresent([Decision].self, forKey: .emotionByEmotion)
    choice = try values.decodeIfPresent(EpochChoice.self, forKey: .choice)
    let float = try values.decode([Decision].self, forKey: .float)
    let int8 = try values.decode([Decision].self, forKey: .int8)
    let trainedOn = try values.decodeIfPresent([String].self, forKey: .trainedOn)
    if trainedOn == nil, case .cross? = testedBy?.evaluation {
      let trained = fold.prefix(upTo: fold.range(of: ", group ")?.lowerBound ?? fold.endIndex)
      self.trainedOn = trained.split(separator: " + ").map(String.init)
      self.float = float.map(\.withCorpusOfSpeaker)
      self.int8 = int8.map(\.withCorpusOfSpeaker)
    } else {
      self.trainedOn = trainedOn
      self.float = float
      self.int8 = int8
    }
  }
}

extension Decision {
  fileprivate var withCorpusOfSpeaker: Decision {
    var decision = self
    decision.corpus = speaker.firstIndex(of: ":").map { String(speaker[..<$0]) }
    return decision
  }
}
