import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `sertrain` and `serd` together, run as a user runs them.
@Suite struct SertrainTests {
  let sertrain = Program("sertrain")
  let serd = Program("serd")

  /// The parts of result.json that are compared.
  private struct Result: Decodable {
    struct Decision: Decodable {
      let recording: String
      let speaker: String
      let truth: Int
      let probabilities: [Double]
    }
    let int8: [Decision]
  }

  private struct Answer: Decodable {
    let label: String?
    let probabilities: [String: Double]?
  }

  private static func unweightedAccuracy(_ pairs: [(truth: Int, said: Int)]) -> Double {
    // In the labels' order: a dictionary has another one each time, and sums differ by it in the last bit.
    let recalls = Dictionary(grouping: pairs, by: \.truth).sorted { $0.key < $1.key }.map { _, pairs in
      Double(pairs.count { $0.truth == $0.said }) / Double(pairs.count)
    }
    return recalls.reduce(0, +) / Double(recalls.count)
  }

  /// The contract that the shipped classifier is the one that was evaluated: `serd --once` gives, file by file, what
  /// the cross-validation wrote down.
  @Test(
    "serd --once answers file by file what the cross-validation counted",
    .enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
  func serdAnswersWhatTheEvaluationCounted() throws {
    let corpus = try #require(RealSpeech.folder) + "/emodb"
    let scratch = try ScratchFolder()
    let run = scratch.path + "/run"
    let outcome = try sertrain.run(
      ["crossval", corpus, "--recipe", "plain", "--epochs", "1", "--folds", "03", "--run", run, "--jobs", "2"])
    try #require(outcome.status == 0, "\(outcome.messages)")
    let fold = run + "/seed-1/fold-03"
    let model = fold + "/int8.safetensors"
    let result = try JSONDecoder().decode(
      Result.self, from: Data(contentsOf: URL(fileURLWithPath: fold + "/result.json")))
    #expect(result.int8.count == 49 && result.int8.allSatisfy { $0.speaker == "03" })

    let labels = TestModels.labels
    var (evaluated, answered): ([(truth: Int, said: Int)], [(truth: Int, said: Int)]) = ([], [])
    for decision in result.int8 {
      let once = try serd.run(["--once", "\(corpus)/wav/\(decision.recording)", "--json", "--model", model])
      try #require(once.status == 0, "\(once.messages)")
      let answer = try JSONDecoder().decode(Answer.self, from: Data(once.output.utf8))
      let said = answer.label.flatMap { labels.firstIndex(of: $0) }
      let best = decision.probabilities.indices.max { decision.probabilities[$0] < decision.probabilities[$1] }
      #expect(said == best, "\(decision.recording)")
      #expect((answer.probabilities == nil) == decision.probabilities.isEmpty)
      for (label, probability) in zip(labels, decision.probabilities) {
        // Four decimals are printed.
        #expect(abs((answer.probabilities?[label] ?? -1) - probability) <= 0.5001e-4, "\(decision.recording) \(label)")
      }
      evaluated.append((decision.truth, best ?? -1))
      answered.append((decision.truth, said ?? -1))
    }
    let accuracy = Self.unweightedAccuracy(answered)
    #expect(accuracy == Self.unweightedAccuracy(evaluated))
    let row = try #require(outcome.lines.first { $0.hasPrefix("| int8, as serd runs it") })
    #expect(row.contains(String(format: "| %.1f [", accuracy * 100)), "\(row)")
  }

  private func log(_ run: String) -> [Substring] {
    ((try? String(contentsOfFile: run + "/log.ndjson", encoding: .utf8)) ?? "").split(separator: "\n")
  }

  /// Killed after the first checkpoint, the same command ends with the same model, and has not trained everything
  /// again.
  @Test("A training that was killed goes on from its checkpoint to the same model")
  func aKilledTrainingGoesOnToTheSameModel() throws {
    let scratch = try ScratchFolder()
    let corpus = scratch.path + "/corpus"
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    try SyntheticCorpus.writeEMODB(
      into: corpus, speakers: ["03", "08", "09"], letters: "WFT", sentences: 1, seconds: 0.5)
    func arguments(_ run: String) -> [String] {
      ["crossval", corpus, "--recipe", "plain", "--epochs", "15", "--folds", "03", "--run", run, "--jobs", "1"]
    }
    func model(_ run: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: run + "/seed-1/fold-03/float.safetensors"))
    }
    let (whole, killed) = (scratch.path + "/whole", scratch.path + "/killed")
    let outcome = try sertrain.run(arguments(whole))
    try #require(outcome.status == 0, "\(outcome.messages)")

    let process = try sertrain.start(arguments(killed))
    let deadline = ContinuousClock.now + .seconds(300)
    // There is no event to await in another process's file: a short poll.
    while log(killed).count < 6, process.isRunning, ContinuousClock.now < deadline { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let done = log(killed)
    try #require(done.count >= 6 && done.count < 15, "the kill must come in the middle, not after \(done.count) epochs")
    #expect(!FileManager.default.fileExists(atPath: killed + "/seed-1/fold-03/result.json"))

    let resumed = try sertrain.run(arguments(killed))
    #expect(resumed.status == 0, "\(resumed.messages)")
    let firstAgain = try #require(log(killed).dropFirst(done.count).first)
    #expect(
      firstAgain.contains(done.count < 10 ? "\"epoch\":6," : "\"epoch\":11,"),
      "it goes on after the last checkpoint: \(firstAgain)")
    #expect(try model(killed) == model(whole))
    #expect(resumed.output.contains("| int8, as serd runs it |"))
    let float = try FloatModel(parsing: Array(model(killed)))
    #expect(
      float.description.provenance.command
        == "sertrain crossval FOLDER --recipe plain --epochs 15 --folds 03 --run RUN --jobs 1",
      "no folder of this machine is told")
    let again = try sertrain.run(arguments(killed))
    #expect(again.messages.contains("1 of 1 folds are done already") && again.output == resumed.output)
  }
}
