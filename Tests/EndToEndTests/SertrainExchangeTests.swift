import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `sertrain report`, `export`, `import`, `calibrate` and `compare-quantisation` as a user runs them.
@Suite struct SertrainExchangeTests {
  let sertrain = Program("sertrain")
  let scratch: ScratchFolder
  let corpus: String
  let run: String

  init() throws {
    scratch = try ScratchFolder()
    (corpus, run) = (scratch.path + "/corpus", scratch.path + "/run")
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    try SyntheticCorpus.writeEMODB(
      into: corpus, speakers: ["03", "08", "09"], letters: "WF", sentences: 1, seconds: 0.5)
    let outcome = try sertrain.run(
      ["crossval", corpus, "--recipe", "plain", "--epochs", "1", "--folds", "03", "--run", run, "--jobs", "1"])
    try #require(outcome.status == 0, "\(outcome.messages)")
  }

  private func expectRefusal(_ arguments: [String], status: Int32, mentioning words: String...) throws {
    let outcome = try sertrain.run(arguments)
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.messages)")
    // One line says why; what was read of the corpus may stand before it.
    let lines = outcome.messages.split(separator: "\n")
    #expect(lines.last?.hasPrefix("sertrain: ") == true && lines.count { $0.hasPrefix("sertrain: ") } == 1)
    for word in words { #expect(outcome.messages.contains(word), "\(outcome.messages)") }
  }

  @Test("report makes a page, JSON or a card, and refuses what is no run or given twice")
  func reportIsAPageOrJSONOrACard() throws {
    let page = try sertrain.run(["report", run])
    #expect(page.status == 0 && page.output == run + "/report.html\n", "\(page.messages)")
    let html = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    #expect(html.hasPrefix("<!doctype html>") && html.contains("recipe plain"))
    let json = try sertrain.run(["report", run, "--json"])
    let figures = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((figures["networks"] as? [[String: Any]])?.count == 2 && figures["format"] as? Int == 1)
    let card = try sertrain.run(["report", run, "--card"])
    #expect(card.status == 0 && card.output.contains("## Calibration"))
    try expectRefusal(["report", corpus], status: 66, mentioning: corpus)
    try expectRefusal(["report", run, run], status: 64, mentioning: "fold 03")
    try expectRefusal(["report", run, "--json", "--card"], status: 64, mentioning: "--json")
    try expectRefusal(["report", run, "--output", corpus + "/none/x.html"], status: 74, mentioning: "/none/x.html")
  }

  @Test("A model goes out and comes back with the same logits, and in ONNX it only goes out")
  func modelsGoOutAndComeBack() throws {
    let model = run + "/seed-1/fold-03/float.safetensors"
    let (weights, again) = (scratch.path + "/weights.safetensors", scratch.path + "/again.safetensors")
    #expect(try sertrain.run(["export", model, "--format", "safetensors", "--output", weights]).status == 0)
    #expect(try sertrain.run(["import", weights, "--name", "mine", "--output", again]).status == 0)
    func logits(_ model: String) throws -> Data {
      let output = scratch.path + "/logits.safetensors"
      #expect(try sertrain.run(["logits", model, "--count", "1", "--output", output]).status == 0)
      // The header names the model; the tensors are the last 122 · 40 + 7 floats.
      return try Data(contentsOf: URL(fileURLWithPath: output)).suffix(4 * (122 * 40 + 7))
    }
    let isSame = try logits(model) == logits(again)
    #expect(isSame)
    let onnx = scratch.path + "/model.onnx"
    #expect(try sertrain.run(["export", model, "--format", "onnx", "--output", onnx]).status == 0)
    #expect(FileManager.default.contents(atPath: onnx)?.isEmpty == false)
    try expectRefusal(["export", run, "--format", "onnx", "--output", onnx], status: 66, mentioning: "fold-NAME")
    try expectRefusal(
      ["export", corpus + "/none", "--format", "onnx", "--output", onnx], status: 66, mentioning: "/none")
    let int8 = run + "/seed-1/fold-03/int8.safetensors"
    #expect(try sertrain.run(["export", int8, "--format", "onnx", "--output", onnx]).status == 0)
    try expectRefusal(
      ["export", int8, "--format", "safetensors", "--output", weights], status: 65, mentioning: "int8 model", int8)
    #expect(try sertrain.run(["export", model, "--format", "pickle", "--output", onnx]).status == 64)
  }

  @Test("import says what it needs to know, and writes nothing without it")
  func importSaysWhatItNeeds() throws {
    let bare = scratch.path + "/bare.safetensors"
    try Data([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)).write(to: URL(fileURLWithPath: bare))
    let output = scratch.path + "/out.safetensors"
    try expectRefusal(["import", bare, "--output", output], status: 64, mentioning: "--like", "--labels")
    try expectRefusal(["import", bare, "--output", output, "--labels", "a,b"], status: 64, mentioning: "--corpora")
    let described = ["import", bare, "--output", output, "--labels", "a,b", "--corpora", "x", "--terms", "none"]
    try expectRefusal(described, status: 65, mentioning: bare, "path1.conv.weight")
    try expectRefusal(described + ["--variant", "huge"], status: 64, mentioning: "\"huge\"")
    try expectRefusal(described + ["--front-end", "mel"], status: 64, mentioning: "\"mel\"")
    try expectRefusal(described + ["--like", bare], status: 64, mentioning: "--like")
    try expectRefusal(["import", bare, "--output", output, "--like", bare], status: 65, mentioning: bare)
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test("The model of all speakers has the figures and the temperature of its run, of no other one")
  func theModelOfAllSpeakersHasTheRunsFigures() throws {
    let folder = scratch.path + "/all"
    let train = ["train", corpus, "--recipe", "plain", "--name", "all", "--run", folder, "--threads", "1"]
    try expectRefusal(train + ["--epochs", "2", "--evaluation", run], status: 64, mentioning: "recipe plain")
    try expectRefusal(train + ["--epochs", "1", "--evaluation", corpus], status: 66, mentioning: corpus)
    let trained = try sertrain.run(train + ["--epochs", "1", "--evaluation", run])
    try #require(trained.status == 0, "\(trained.messages)")
    let model = try QuantisedModel(parsing: ModelFile.bytes(path: folder + "/int8.safetensors")).description
    #expect(model.temperature != nil && model.evaluation["loso.int8.ECE"] != nil)
  }

  @Test("calibrate and compare-quantisation print their tables, and refuse numbers that do nothing")
  func aRunIsCalibratedAndCompared() throws {
    let calibrated = try sertrain.run(["calibrate", corpus, "--run", run, "--threads", "1"])
    #expect(calibrated.status == 0 && calibrated.output.contains("| before |"), "\(calibrated.messages)")
    #expect(calibrated.output.contains("| after |") && calibrated.output.contains("03 (seed 1) "))
    let compared = try sertrain.run(["compare-quantisation", corpus, "--run", run, "--epochs", "1", "--threads", "1"])
    #expect(compared.status == 0 && compared.output.contains("| 03 | 1 | "), "\(compared.messages)")
    try expectRefusal(["calibrate", corpus, "--run", run, "--holdouts", "4"], status: 64, mentioning: "1 to 3")
    try expectRefusal(
      ["compare-quantisation", corpus, "--run", run, "--epochs", "0"], status: 64, mentioning: "0 epochs")
    try expectRefusal(["calibrate", run, "--run", run], status: 65, mentioning: run)
  }
}
