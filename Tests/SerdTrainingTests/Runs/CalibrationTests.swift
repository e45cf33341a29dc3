import Foundation
import SerdCorpora
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// What a run's calibration leaves behind.
@Suite struct CalibrationTests {
  /// On a run: nothing but training speakers, models with a temperature that a file keeps, and the same again from what
  /// is there.
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
        try model.decisionsOfPipeline(on: (folds[0].test + folds[1].test).map { tiny.corpus.recordings[$0] })
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
    let folds = [EvaluationProtocol.paper.folds(of: tiny.corpus)[0]]
    _ = try tiny.run(path, by: .paper, recipe: recipe, folds: folds).run { _ in }
    let error = thrown(TrainingError.self) {
      try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }.calibrate(holdouts: 1, threads: 1) { _ in }
    }
    #expect(error?.cause == .usage && error?.problem.contains("paper") == true)
  }

  @Test("A finished run refuses a corpus that is not its own")
  func theWrongCorpusIsRefused() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    _ = try tiny.crossValidation(path, folds: [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]]).run { _ in }
    let other = Corpus(name: "RAVDESS", labels: ["a", "b"], recordings: tiny.corpus.recordings, leftOut: [], terms: "")
    let error = thrown(TrainingError.self) { try FinishedRun(folder: path, corpus: other) { tiny.features } }
    #expect(error?.cause == .usage && error?.problem.contains("EMO-DB") == true)
    let few = try TinyTraining(speakers: ["08", "09"])
    let missing = thrown(TrainingError.self) {
      try FinishedRun(folder: path, corpus: few.corpus) { few.features }.calibrate(holdouts: 1, threads: 1) { _ in
      }
    }
    #expect(missing?.cause == .usage && missing?.problem.contains("other recordings, speakers or labels") == true)
    let robust = thrown(TrainingError.self) {
      try Robustness(of: RunFolder(reading: path), corpus: few.corpus) { _ in }
    }
    #expect(robust?.problem == missing?.problem)
  }
}
