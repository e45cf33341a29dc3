import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// The report of a real (tiny) run: its figures are those of the decisions, and all three forms show the same ones.
@Suite struct ReportTests {
  let tiny: TinyTraining
  let scratch: ScratchFolder
  let results: [FoldResult]
  let path: String

  init() throws {
    tiny = try TinyTraining()
    scratch = try ScratchFolder()
    path = scratch.path + "/run"
    results = try tiny.crossValidation(path, seeds: [1, 2]).run { _ in }
  }

  @Test("A report's figures are those of the decisions, and the same after JSON")
  func figuresAreThoseOfTheDecisions() throws {
    let figures = try ReportFigures(record: RunRecord(folders: [path]))
    #expect(figures.networks.map(\.name) == ["float", "int8"])
    for (network, decisions) in zip(figures.networks, [results.flatMap(\.float), results.flatMap(\.int8)]) {
      let matrix = decisions.matrix(7)
      #expect(network.confusion == matrix && network.unweightedAccuracy.value == matrix.unweightedAccuracy)
      #expect(network.weightedAccuracy == Interval(decisions: decisions, classes: 7) { $0.weightedAccuracy })
      #expect(network.classes.map(\.count) == matrix.counts.map { $0.reduce(0, +) })
      #expect(network.classes.map { $0.recall?.value } == matrix.recalls)
      #expect(network.speakers.map(\.speaker) == ["03", "08", "09", "10"])
      for row in network.speakers {
        let own = decisions.filter { $0.speaker == row.speaker }
        #expect(row.count == own.count && row.weightedAccuracy.value == own.matrix(7).weightedAccuracy)
      }
      #expect(network.unheard == decisions.count { $0.probabilities.isEmpty })
      #expect(network.reliability == Reliability(decisions: decisions))
    }
    #expect(figures.run.seeds == [1, 2] && figures.run.recordings == tiny.corpus.recordings.count)
    #expect(figures.folds.count == 8 && figures.run.labels == tiny.corpus.labels && !figures.run.isLeaky)
    let loss = figures.curves.filter { $0.quantity == "loss" }
    #expect(loss.count == 8 && loss.allSatisfy { $0.epochs == [1, 2, 3, 4] && $0.values.allSatisfy { $0 > 0 } })
    let json = try JSONEncoder().encode(figures)
    #expect(try JSONDecoder().decode(ReportFigures.self, from: json) == figures)
  }

  /// Well-formed, self-contained, and with the figures in it.
  @Test("The page is one well-formed file that needs nothing else and has the figures")
  func thePageIsOneFileThatNeedsNothing() throws {
    let figures = try ReportFigures(record: RunRecord(folders: [path]))
    let html = ReportPage(figures: figures).html
    for forbidden in ["<script", "http://", "https://", "url(", "@import", "src=", "<link", "NaN", "inf\""] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    #expect(html.contains("prefers-color-scheme:dark") && html.contains("<html lang=\"en\">"))
    func count(_ text: String) -> Int { html.components(separatedBy: text).count - 1 }
    #expect(count("<svg") == 8 && count("<svg") == count("<desc>") && count("role=\"img\"") == 8)
    #expect(count("<details>") == 8, "every picture has its table")
    for tag in ["svg", "table", "figure", "section", "div", "tr", "td", "th", "text", "p", "details"] {
      #expect(count("<\(tag)>") + count("<\(tag) ") == count("</\(tag)>"), "\(tag)")
    }
    let ua = figures.networks[1].unweightedAccuracy
    #expect(html.contains(String(format: "%.1f [%.1f, %.1f]", ua.value * 100, ua.low * 100, ua.high * 100)))
    #expect(html.contains("recipe tiny") && !html.contains("Leaky") && !html.contains("Not finished"))
  }

  @Test("Names of the user's own are escaped in the page")
  func namesOfTheUsersAreEscaped() throws {
    var recipe = TinyTraining.recipe
    recipe.epochs = 1
    recipe.name = "<b>&\"quoted\""
    let folds = [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]]
    let run = scratch.path + "/names"
    _ = try tiny.crossValidation(run, recipe: recipe, folds: folds).run { _ in }
    let html = try ReportPage(figures: ReportFigures(record: RunRecord(folders: [run]))).html
    #expect(html.contains("&lt;b&gt;&amp;&quot;quoted&quot;") && !html.contains("<b>&"))
  }

  /// A leaky protocol is marked wherever figures are shown.
  @Test("A leaky protocol is marked in figures, page and card")
  func aLeakyProtocolIsMarked() throws {
    let experiment = Experiment(corpus: "EMO-DB", testedBy: .folds(.paper), recipe: TinyTraining.recipe)
    try FileManager.default.removeItem(atPath: path + "/run.json")
    _ = try RunFolder(path: path, experiment: experiment)
    let record = try RunRecord(folders: [path])
    let figures = ReportFigures(record: record)
    #expect(figures.run.isLeaky && figures.run.evaluationProtocol == "paper" && figures.calibrated == nil)
    #expect(ReportPage(figures: figures).html.contains("<strong>Leaky protocol.</strong>"))
    #expect(ModelCard(record: record, figures: figures).markdown.contains("**Leaky protocol `paper`"))
  }

  @Test("The card holds the run's table, and its calibration error with and without a temperature")
  func theCardHoldsTheTableAndTheCalibration() throws {
    let record = try RunRecord(folders: [path])
    let figures = ReportFigures(record: record)
    let card = ModelCard(record: record, figures: figures).markdown
    let table = ResultTable(experiment: record.experiment, labels: record.labels, results: results).markdown
    #expect(card.contains(table))
    let error = figures.networks[1].calibrationError
    #expect(
      card.contains(
        String(format: "| int8 | %.1f [%.1f, %.1f] |", error.value * 100, error.low * 100, error.high * 100)))
    let held = try #require(figures.calibrated)
    #expect(held.confusion == figures.networks[0].confusion)
    #expect(held.calibrationError.value != figures.networks[0].calibrationError.value)
    let expected = String(format: "| float, temperature of the other folds | %.1f [", held.calibrationError.value * 100)
    #expect(card.contains(expected))
  }

  /// Parts that were run apart are one run; the same part twice, or two experiments, are not.
  @Test("Parts that were run apart are one run; the same part twice or two experiments are refused")
  func partsArePutTogether() throws {
    let folds = EvaluationProtocol.loso.folds(of: tiny.corpus)
    let parts = try folds.enumerated().map { index, fold in
      let part = "\(scratch.path)/part-\(index)"
      _ = try tiny.crossValidation(part, folds: [fold], seeds: [1]).run { _ in }
      return part
    }
    // As --fold leaves them: each part knows of all folds.
    for part in parts {
      for fold in folds {
        try FileManager.default.createDirectory(
          atPath: "\(part)/seed-1/fold-\(fold.name)", withIntermediateDirectories: true)
      }
    }
    #expect(try RunRecord(folders: parts).unfinished.isEmpty)
    #expect(try RunRecord(folders: [parts[0], parts[2]]).unfinished == ["seed 1 fold 08", "seed 1 fold 10"])
    // One of them by a version that did not note its recordings.
    try OutputFile.write(StableJSON.data(RunFolderTests.experiment()), to: parts[1] + "/run.json")
    let whole = try ReportFigures(record: RunRecord(folders: parts.reversed()))
    let expected = results.filter { $0.seed == 1 }
    #expect(
      whole.networks[1].confusion == expected.flatMap(\.int8).matrix(7)
        && whole.folds.map(\.fold) == ["03", "08", "09", "10"])
    let twice = thrown(TrainingError.self) { try RunRecord(folders: [parts[0], parts[1], parts[0]]) }
    #expect(twice?.cause == .usage && twice?.problem.contains("fold 03 of seed 1") == true)
    let other = scratch.path + "/other"
    _ = try RunFolder(path: other, experiment: RunFolderTests.experiment { $0.epochs += 1 })
    #expect(thrown(TrainingError.self) { try RunRecord(folders: [parts[0], other]) }?.problem.contains(other) == true)
  }

  @Test("A fold that is not done is named, and not in the figures")
  func whatIsNotDoneIsNamed() throws {
    try FileManager.default.removeItem(atPath: path + "/seed-2/fold-09/result.json")
    let figures = try ReportFigures(record: RunRecord(folders: [path]))
    #expect(figures.run.unfinished == ["seed 2 fold 09"] && figures.folds.count == 7)
    #expect(ReportPage(figures: figures).html.contains("seed 2 fold 09"))
  }

  @Test("A folder without a run, without a fold or with a damaged result is named")
  func foldersWithoutARunAreNamed() throws {
    let empty = scratch.path + "/empty"
    #expect(thrown(TrainingError.self) { try RunRecord(folders: [empty]) }?.cause == .noInput)
    _ = try RunFolder(path: empty, experiment: RunFolderTests.experiment())
    #expect(thrown(TrainingError.self) { try RunRecord(folders: [empty]) }?.problem.contains("no fold") == true)
    try scratch.write("run/seed-1/fold-08/result.json", Array("{".utf8))
    let damaged = thrown(TrainingError.self) { try RunRecord(folders: [path]) }
    #expect(damaged?.cause == .badData && damaged?.problem.contains("fold-08/result.json") == true)
  }
}
