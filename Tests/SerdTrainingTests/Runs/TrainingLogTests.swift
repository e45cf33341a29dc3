import Foundation
import SerdTestKit
import SerdTraining
import Testing

/// What the reader makes of a log.
@Suite struct TrainingLogTests {
  @Test("Every quantity that is logged has its curve, and a run without a log says so")
  func whateverIsLoggedIsFollowed() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folds = [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]]
    _ = try tiny.crossValidation(path, folds: folds).run { _ in }
    let lines = [
      #"{"fold":"03","seed":1,"epoch":2,"loss":1.5,"validation":{"focal":0.7,"weightedAccuracy":0.5}}"#,
      #"{"fold":"03","seed":1,"epoch":1,"loss":2,"validation":{"focal":0.9,"weightedAccuracy":0.25},"note":"text","list":[1]}"#,
      "{\"fold\":\"03\",\"se",
      #"{"fold":"03","epoch":1,"loss":2}"#,
    ]
    try scratch.write("run/log.ndjson", Array(lines.joined(separator: "\n").utf8))
    let curves = try RunRecord(folders: [path]).curves
    #expect(curves.map(\.quantity) == ["loss", "validation focal", "validation weightedAccuracy"])
    #expect(curves.map(\.values) == [[2, 1.5], [0.9, 0.7], [0.25, 0.5]] && curves[1].epochs == [1, 2])
    let page = try ReportPage(figures: ReportFigures(record: RunRecord(folders: [path]))).html
    #expect(page.contains("mean at the end 0.700") && page.contains("mean at the end 50.0 %"), "a loss is no share")
    try FileManager.default.removeItem(atPath: path + "/log.ndjson")
    let html = try ReportPage(figures: ReportFigures(record: RunRecord(folders: [path]))).html
    #expect(html.contains("The run has no log."))
  }
}
