import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Fitting a temperature, and what a run's calibration leaves behind.
@Suite struct TemperatureTests {
  /// Decisions of known calibration: logits drawn, labels drawn from softmax(logits), probabilities given as softmax(factor · logits).
  static func decisions(_ count: Int, factor: Float) -> [Decision] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { index in
      var logits = (0..<5).map { _ in 2 * generator.gaussian() }
      var probabilities = logits
      SerdNetwork.Softmax.apply(&probabilities)
      var rest = generator.uniform()
      let truth = probabilities.firstIndex { probability in
        rest -= probability
        return rest < 0
      }
      logits = logits.map { factor * $0 }
      SerdNetwork.Softmax.apply(&logits)
      return Decision(recording: "\(index)", speaker: "\(index % 7)", truth: truth ?? 4, probabilities: logits)
    }
  }

  /// Logits that are four times too large need the temperature 4. With 4000 decisions its standard error is about 2 %.
  @Test("The temperature that was put in is found", arguments: [Float(0.5), 1, 4])
  func findsTheTemperatureThatWasPutIn(factor: Float) {
    let temperature = TemperatureScaling.temperature(of: Self.decisions(4000, factor: factor))
    #expect(abs(temperature / factor - 1) < 0.1, "\(temperature)")
  }

  @Test("Calibrated decisions are the same, and as sure as they are right")
  func calibratedDecisionsAreCalibrated() {
    let decisions = Self.decisions(4000, factor: 4)
    let temperature = TemperatureScaling.temperature(of: decisions)
    let cooled = TemperatureScaling.scaled(decisions, by: temperature)
    #expect(cooled.map(\.prediction) == decisions.map(\.prediction))
    #expect(cooled.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
    let silent = Decision(recording: "", speaker: "", truth: 0, probabilities: [])
    #expect(TemperatureScaling.scaled([silent], by: 2) == [silent])
    let (before, after) = (Reliability(decisions: decisions), Reliability(decisions: cooled))
    #expect(before.expectedCalibrationError > 0.15 && after.expectedCalibrationError < 0.03)
    #expect(before.overconfidence > 0.15 && abs(after.overconfidence) < 0.03)
  }

  @Test("Decisions that are all right or all wrong give temperatures within the limits, and none give 1")
  func extremesStayWithinTheLimits() {
    func decision(_ truth: Int) -> Decision {
      Decision(recording: "", speaker: "", truth: truth, probabilities: [0.9, 0.1])
    }
    #expect(TemperatureScaling.temperature(of: []) == 1)
    #expect(
      TemperatureScaling.temperature(of: [Decision(recording: "", speaker: "", truth: 0, probabilities: [])]) == 1)
    let limits = ModelDescription.temperatures
    for (truth, limit) in [(0, limits.lowerBound), (1, limits.upperBound)] {
      let temperature = TemperatureScaling.temperature(of: [decision(truth)])
      #expect(abs(temperature / limit - 1) < 1e-3 && limits.contains(temperature))
    }
  }

  /// On a run: nothing but training speakers, models with a temperature that a file keeps, and the same again from what is there.
  @Test("A run is calibrated on training speakers only, changes no decision and repeats exactly")
  func aRunIsCalibratedOnTrainingSpeakersOnly() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folds = Array(EvaluationProtocol.loso.folds(of: tiny.corpus).prefix(2))
    let results = try tiny.crossValidation(path, folds: folds).run { _ in }
    func calibrate() throws -> [FoldCalibration] {
      try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }.calibrate(holdouts: 3, threads: 1) {
        _ in
      }
    }
    let calibrations = try calibrate()
    #expect(calibrations.map(\.fold) == ["03", "08"])
    for (calibration, result) in zip(calibrations, results) {
      #expect(calibration.heldOut == tiny.corpus.speakers.filter { $0 != calibration.fold }, "three groups of one")
      #expect(calibration.int8.map(\.prediction) == result.int8.map(\.prediction), "no decision changes")
      let file = "\(path)/seed-1/fold-\(calibration.fold)/int8-calibrated.safetensors"
      let model = try QuantisedModel(parsing: ModelFile.bytes(path: file))
      #expect(model.description.temperature == calibration.temperature && calibration.temperature != 1)
      #expect(
        try FoldEvaluation.int8(model, corpus: tiny.corpus, recordings: folds[0].test + folds[1].test)
          .filter { $0.speaker == calibration.fold } == calibration.int8)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/seed-1/fold-03").sorted()
    #expect(
      names == [
        "calibration.json", "float.safetensors", "int8-calibrated.safetensors", "int8.safetensors", "lock",
        "result.json",
      ])
    #expect(try calibrate() == calibrations)
    let record = try RunRecord(folders: [path])
    let figures = ReportFigures(record: record)
    #expect(figures.calibrated?.confusion == figures.networks[1].confusion)
    #expect(figures.folds.map(\.temperature) == calibrations.map(\.temperature))
    #expect(ReportPage(figures: figures).html.contains("int8, calibrated"))
    let after = Reliability(decisions: calibrations.flatMap(\.int8)).expectedCalibrationError
    #expect(CalibrationTable(record: record).markdown.contains(String(format: "| after | %.1f [", after * 100)))
  }

  /// The model of all speakers gets the temperature of all decisions; it and the figures go through the whole training.
  @Test("The model of all speakers has the run's figures and the temperature of all its decisions")
  func theModelOfAllSpeakersGetsFiguresAndATemperature() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let results = try tiny.crossValidation(path).run { _ in }
    let record = try RunRecord(folders: [path])
    let figures = try CrossValidationFigures(record: record)
    #expect(figures.temperature == TemperatureScaling.temperature(of: results.flatMap(\.float)))
    #expect(figures.byName["loso.int8.ECE"] == ReportFigures(record: record).networks[1].calibrationError.value)
    #expect(figures.byName["loso.int8.UA"] == results.flatMap(\.int8).matrix(7).unweightedAccuracy)
    #expect(figures.byName["loso.int8.ECE-calibrated"] == nil, "no fold has a temperature of its own")
    let others = try #require(figures.byName["loso.float.ECE-other-folds"])
    #expect(others != figures.byName["loso.float.ECE"] && (0...1).contains(others))

    let experiment = Experiment(corpus: "EMO-DB", evaluationProtocol: "all speakers", recipe: TinyTraining.recipe)
    let shipped = ShippedModel(
      experiment: experiment, corpus: tiny.corpus, features: tiny.features,
      folder: try RunFolder(path: scratch.path + "/all", experiment: experiment), name: "tiny",
      provenance: TinyTraining.provenance)
    try shipped.train(threads: 1, evaluation: figures) { _ in }
    let int8 = try QuantisedModel(parsing: ModelFile.bytes(path: scratch.path + "/all/int8.safetensors"))
    let float = try FloatModel(parsing: ModelFile.bytes(path: scratch.path + "/all/float.safetensors"))
    #expect(int8.description.temperature == figures.temperature && int8.description.evaluation == figures.byName)
    #expect(float.description == int8.description)

    try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }.calibrate(holdouts: 1, threads: 1) { _ in }
    let calibrated = try CrossValidationFigures(record: RunRecord(folders: [path]))
    #expect(calibrated.temperature == figures.temperature && calibrated.byName["loso.int8.ECE-calibrated"] != nil)
    try FileManager.default.removeItem(atPath: path + "/seed-1/fold-09/result.json")
    let partial = thrown(TrainingError.self) { try CrossValidationFigures(record: RunRecord(folders: [path])) }
    #expect(partial?.kind == .usage && partial?.problem.contains("seed 1 fold 09") == true)
  }

  @Test("Figures are not lent to a model of another recipe or corpus")
  func figuresAreNotLentToAnotherExperiment() throws {
    let run = RunFolderTests.experiment()
    func refusal(_ corpus: String? = nil, _ change: (inout Recipe) -> Void = { _ in }) -> TrainingError? {
      var recipe = run.recipe
      change(&recipe)
      let trained = Experiment(corpus: corpus ?? run.corpus, evaluationProtocol: "all speakers", recipe: recipe)
      return thrown(TrainingError.self) { try CrossValidationFigures.check(run, fits: trained) }
    }
    #expect(refusal() == nil && refusal { $0.purpose = "said otherwise" } == nil)
    #expect(refusal { $0.epochs += 1 }?.kind == .usage)
    #expect(refusal("RAVDESS")?.problem.contains("RAVDESS") == true)
  }

  @Test("Figures are not lent to a model of other recordings")
  func figuresOfOtherRecordingsAreNotLent() throws {
    let tiny = try TinyTraining()
    let few = try TinyTraining(speakers: ["03", "08"])
    func experiment(_ corpus: Corpus) -> Experiment {
      Experiment(corpus: corpus, evaluationProtocol: "loso", recipe: TinyTraining.recipe)
    }
    try CrossValidationFigures.check(experiment(tiny.corpus), fits: experiment(tiny.corpus))
    let error = thrown(TrainingError.self) {
      try CrossValidationFigures.check(experiment(tiny.corpus), fits: experiment(few.corpus))
    }
    #expect(error?.problem.contains("other recordings") == true)
    let renamed = Corpus(
      name: "RAVDESS", labels: few.corpus.labels, recordings: few.corpus.recordings, leftOut: [], terms: "")
    let named = thrown(TrainingError.self) {
      try CrossValidationFigures.check(experiment(tiny.corpus), fits: experiment(renamed))
    }
    #expect(named?.problem.contains("on EMO-DB, not of ") == true && named?.problem.hasSuffix("on RAVDESS") == true)
  }

  @Test("More inner trainings than training speakers are refused before any begins")
  func moreInnerTrainingsThanSpeakersAreRefusedBeforeAny() throws {
    let two = try TinyTraining(speakers: ["03", "08", "09"])
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    _ = try two.crossValidation(path, folds: [EvaluationProtocol.loso.folds(of: two.corpus)[0]]).run { _ in }
    var lines: [String] = []
    let error = thrown(TrainingError.self) {
      try FinishedRun(folder: path, corpus: two.corpus) { two.features }
        .calibrate(holdouts: 3, threads: 1) { lines.append($0) }
    }
    #expect(error?.problem.contains("2 training speakers, too few for 3") == true && lines.isEmpty)
  }

  /// Where every speaker is tested and trained on, none is left to calibrate on.
  @Test("A run under a leaky protocol is not calibrated")
  func aLeakyRunIsNotCalibrated() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    var recipe = TinyTraining.recipe
    recipe.epochs = 1
    let experiment = Experiment(corpus: "EMO-DB", evaluationProtocol: "paper", recipe: recipe)
    let run = CrossValidation(
      experiment: experiment, corpus: tiny.corpus, features: tiny.features,
      folder: try RunFolder(path: path, experiment: experiment), seeds: [1],
      folds: [EvaluationProtocol.paper.folds(of: tiny.corpus)[0]], jobs: 1, provenance: TinyTraining.provenance)
    _ = try run.run { _ in }
    let error = thrown(TrainingError.self) {
      try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }.calibrate(holdouts: 1, threads: 1) { _ in }
    }
    #expect(error?.kind == .usage && error?.problem.contains("paper") == true)
  }

  @Test("A finished run refuses a corpus that is not its own")
  func theWrongCorpusIsRefused() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    _ = try tiny.crossValidation(path, folds: [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]]).run { _ in }
    let other = Corpus(name: "RAVDESS", labels: ["a", "b"], recordings: tiny.corpus.recordings, leftOut: [], terms: "")
    let error = thrown(TrainingError.self) { try FinishedRun(folder: path, corpus: other) { tiny.features } }
    #expect(error?.kind == .usage && error?.problem.contains("EMO-DB") == true)
    let few = try TinyTraining(speakers: ["08", "09"])
    let missing = thrown(TrainingError.self) {
      try FinishedRun(folder: path, corpus: few.corpus) { few.features }.calibrate(holdouts: 1, threads: 1) { _ in
      }
    }
    #expect(missing?.kind == .usage && missing?.problem.contains("other recordings, speakers or labels") == true)
    let robust = thrown(TrainingError.self) { try Robustness(runFolder: path, corpus: few.corpus) { _ in } }
    #expect(robust?.problem == missing?.problem)
  }
}

/// The forms of a fold's network side by side.
@Suite struct QuantisationComparisonTests {
  @Test("Every form of a network is tested on the same recordings, and read when asked again")
  func everyFormIsTestedOnTheSameRecordings() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folds = Array(EvaluationProtocol.loso.folds(of: tiny.corpus).prefix(2))
    let results = try tiny.crossValidation(path, folds: folds).run { _ in }
    func compare() throws -> [QuantisationComparison] {
      try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }
        .compareQuantisations(epochs: 2, threads: 1) { _ in }
    }
    let comparisons = try compare()
    for (comparison, result) in zip(comparisons, results) {
      #expect(comparison.decisions[.float] == result.float)
      #expect(comparison.decisions[.extremes] == result.int8, "that is what crossval does")
      for form in QuantisationComparison.Form.allCases {
        #expect(comparison.decisions[form]?.map(\.recording) == result.int8.map(\.recording))
      }
      #expect(comparison.decisions[.trained] != comparison.decisions[.leastError])
      #expect(comparison.decisions[.continued] != comparison.decisions[.float])
    }
    #expect(try compare() == comparisons, "read, not made again")
    let table = try QuantisationComparison.markdown(comparisons, of: RunRecord(folders: [path]))
    let ua = results.flatMap(\.float).matrix(7).unweightedAccuracy
    #expect(table.contains(String(format: "| all | | %.1f |", ua * 100)) && table.contains("| 03 | 1 |"))
    #expect(table.contains("| minus float [95 %] | |  |"))
    #expect(table.hasPrefix("Protocol loso: ") && !table.contains("Not done"))
    // As a run under `paper` that lacks a fold.
    let leaky = Experiment(corpus: tiny.corpus, evaluationProtocol: "paper", recipe: TinyTraining.recipe)
    try RunFolder.write(RunFolder.json(leaky), to: path + "/run.json")
    try FileManager.default.removeItem(atPath: path + "/seed-1/fold-08/result.json")
    let marked = try QuantisationComparison.markdown([comparisons[0]], of: RunRecord(folders: [path]))
    #expect(marked.contains("paper (LEAKY)") && marked.contains("not in these figures: seed 1 fold 08"))
    #expect(table.contains("| minus float, as long as QAT [95 %] | |  |  |  |  |"))
  }
}
