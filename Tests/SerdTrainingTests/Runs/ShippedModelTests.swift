import Foundation
import SerdCorpora
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// The model of all speakers, and the figures of a cross-validation that it is lent.
@Suite struct ShippedModelTests {
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

    let experiment = Experiment(corpus: "EMO-DB", testedBy: .nobody, recipe: TinyTraining.recipe)
    let shipped = ShippedModel(
      folder: try RunFolder(path: scratch.path + "/all", experiment: experiment), data: tiny.data, name: "tiny",
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
    #expect(partial?.cause == .usage && partial?.problem.contains("seed 1 fold 09") == true)
  }

  @Test("Figures are not lent to a model of another recipe or corpus")
  func figuresAreNotLentToAnotherExperiment() throws {
    let run = RunFolderTests.experiment()
    func refusal(_ corpus: String? = nil, _ change: (inout Recipe) -> Void = { _ in }) -> TrainingError? {
      var recipe = run.recipe
      change(&recipe)
      let trained = Experiment(corpus: corpus ?? run.corpus, testedBy: .nobody, recipe: recipe)
      return thrown(TrainingError.self) { try CrossValidationFigures.check(run, fits: trained) }
    }
    #expect(refusal() == nil && refusal { $0.purpose = "said otherwise" } == nil)
    #expect(refusal { $0.epochs += 1 }?.cause == .usage)
    #expect(refusal("RAVDESS")?.problem.contains("RAVDESS") == true)
  }

  @Test("Figures are not lent to a model of other recordings")
  func figuresOfOtherRecordingsAreNotLent() throws {
    let tiny = try TinyTraining()
    let few = try TinyTraining(speakers: ["03", "08"])
    func experiment(_ corpus: Corpus) -> Experiment {
      Experiment(corpus: corpus, testedBy: .folds(.loso), recipe: TinyTraining.recipe)
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
}
