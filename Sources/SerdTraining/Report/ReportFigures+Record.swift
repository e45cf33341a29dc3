extension ReportFigures {
  /// Computes the figures of a run. Cost: a few tenths of a second.
  package init(record: RunRecord) {
    let (labels, results) = (record.labels, record.results)
    let int8 = results.flatMap(\.int8)
    let recipe = record.experiment.recipe
    let evaluation = record.experiment.evaluation
    run = Run(
      corpus: record.experiment.corpus, terms: record.provenance.terms,
      evaluationProtocol: record.experiment.testedBy.name, protocolNote: record.experiment.caveat,
      isLeaky: evaluation?.isLeaky ?? false,
      recipe: record.experiment.recipe, seeds: Array(Set(results.map(\.seed))).sorted(), labels: labels,
      speakers: Array(Set(int8.map(\.speaker))).sorted(), recordings: Set(int8.map(\.recording)).count,
      unfinished: record.unfinished, revision: record.provenance.revision, command: record.provenance.command,
      windowSeconds: Double(recipe.frontEnd.samples(inFrames: recipe.windowFrames))
        / Double(recipe.frontEnd.sampleRate),
      multiplyAdds: recipe.architecture.multiplyAdds(
        frames: recipe.windowFrames, coefficients: recipe.frontEnd.coefficients, classes: labels.count),
      trainingMinutes: results.reduce(0) { $0 + $1.trainingSeconds } / 60)
    networks = [
      Network(name: "float", decisions: results.flatMap(\.float), labels: labels),
      Network(name: "int8", decisions: int8, labels: labels),
    ]
    let calibrations = record.calibrations
    if calibrations.count == results.count {
      calibrated = Network(name: "int8, calibrated", decisions: calibrations.flatMap(\.int8), labels: labels)
    } else if evaluation?.isLeaky == false, Set(results.map(\.fold)).count > 1 {
      calibrated = Network(
        name: "float, temperature of the other folds", decisions: TemperatureScaling.scaledByOtherFolds(results),
        labels: labels)
    } else {
      calibrated = nil
    }
    let agreement = FoldResult.agreement(results)
    self.agreement = Agreement(sameDecision: agreement.sameDecision, meanDifference: agreement.meanDifference)
    folds = results.map { result in
      let (float, int8) = (result.float.matrix(labels.count), result.int8.matrix(labels.count))
      return FoldRow(
        seed: result.seed, fold: result.fold, recordings: int8.total, floatUA: float.unweightedAccuracy,
        int8UA: int8.unweightedAccuracy, int8WA: int8.weightedAccuracy,
        temperature: calibrations.first { $0.id == result.id }?.temperature)
    }
    curves = record.curves
  }
}

extension ReportFigures.Network {
  init(name: String, decisions: [Decision], labels: [String]) {
    func interval(_ measure: (ConfusionMatrix) -> Double) -> Interval {
      Interval(decisions: decisions, classes: labels.count, measure: measure)
    }
    self.name = name
    weightedAccuracy = interval { $0.weightedAccuracy }
    unweightedAccuracy = interval { $0.unweightedAccuracy }
    weightedF1 = interval { $0.weightedF1 }
    macroF1 = interval { $0.macroF1 }
    let matrix = decisions.matrix(labels.count)
    confusion = matrix
    classes = labels.indices.map { label in
      ReportFigures.ClassRow(
        label: labels[label], count: matrix.counts[label].reduce(0, +),
        // A resample without the class has no recall; it counts as 0, which makes the interval wider, not narrower.
        recall: matrix.recalls[label] == nil ? nil : interval { $0.recalls[label] ?? 0 },
        precision: matrix.precisions[label], f1: matrix.f1s[label])
    }
    let bySpeaker = Dictionary(grouping: decisions, by: \.speaker).sorted { $0.key < $1.key }
    speakers = bySpeaker.map { ReportFigures.SpeakerRow(speaker: $0.key, decisions: $0.value, classes: labels.count) }
    reliability = Reliability(decisions: decisions)
    calibrationError = Reliability.errorInterval(decisions)
    unheard = decisions.count { $0.probabilities.isEmpty }
  }
}

extension ReportFigures.SpeakerRow {
  init(speaker: String, decisions: [Decision], classes: Int) {
    // Recordings in the place of speakers are what the bootstrap draws here.
    let byRecording = decisions.map {
      Decision(recording: $0.recording, speaker: $0.recording, truth: $0.truth, probabilities: $0.probabilities)
    }
    self.speaker = speaker
    count = decisions.count
    weightedAccuracy = Interval(decisions: byRecording, classes: classes) { $0.weightedAccuracy }
    unweightedAccuracy = Interval(decisions: byRecording, classes: classes) { $0.unweightedAccuracy }
  }
}
