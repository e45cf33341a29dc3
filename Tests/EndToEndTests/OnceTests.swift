import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `serd --once`, run as a user runs it, with the bundled model.
@Suite struct OnceTests {
  let serd = Program("serd")
  static let root = Golden.folder + "/../.."
  let sample = OnceTests.root + "/tools/samples/agitated.flac"

  private func object(_ line: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test("JSON has the documented fields, and the model's name and checksum")
  func jsonHasTheDocumentedFields() throws {
    let outcome = try serd.run(["--once", sample, "--json"])
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    #expect(outcome.lines.count == 1)
    let answer = try object(outcome.output)
    #expect(answer["file"] as? String == sample)
    #expect(answer["speech"] as? Bool == true)
    let label = try #require(answer["label"] as? String)
    let probabilities = try #require(answer["probabilities"] as? [String: Double])
    #expect(Set(probabilities.keys) == Set(TestModels.labels))
    #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-3)
    #expect(
      probabilities[label] == probabilities.values.max() && answer["confidence"] as? Double == probabilities[label])
    #expect(try #require(answer["duration_s"] as? Double) > 2)
    #expect(try #require(answer["windows"] as? Int) >= 1)
    let model = try #require(answer["model"] as? [String: String])
    let file = Array(try Data(contentsOf: URL(fileURLWithPath: OnceTests.root + "/models/emodb.safetensors")))
    #expect(model["sha256"] == ModelFile.sha256(of: file))
    #expect(model["name"]?.isEmpty == false)
  }

  @Test("Windows come before the answer and cover the file from start to end")
  func windowsComeBeforeTheAnswerAndCoverTheFile() throws {
    let outcome = try serd.run(["--once", sample, "--json", "--windows"])
    let windows = try outcome.lines.dropLast().map { try object($0) }
    let answer = try object(try #require(outcome.lines.last))
    #expect(windows.count == answer["windows"] as? Int)
    #expect(windows.allSatisfy { $0["type"] as? String == "window" && $0["level_dbfs"] is Double })
    let starts = windows.compactMap { $0["start_s"] as? Double }
    #expect(starts.first == 0)
    for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(later > earlier && later - earlier < 0.5121) }
    let end = try #require(windows.last?["end_s"] as? Double)
    #expect(abs(end - (answer["duration_s"] as! Double)) < 0.05, "the last window ends with the file")
  }

  @Test("Standard input gives the same answer as the file")
  func standardInputGivesTheSameAnswer() throws {
    let file = try object(serd.run(["--once", sample, "--json"]).output)
    let piped = try object(
      serd.run(["--once", "-", "--json"], input: Data(contentsOf: URL(fileURLWithPath: sample))).output)
    #expect(file["probabilities"] as? [String: Double] == piped["probabilities"] as? [String: Double])
    #expect(piped["file"] as? String == "-")
  }

  @Test("People get every emotion, bars and a timeline, without colours where nobody sees them")
  func peopleGetTheEmotionBarsAndATimeline() throws {
    let outcome = try serd.run(["--once", sample])
    #expect(outcome.status == 0)
    for label in TestModels.labels { #expect(outcome.output.contains(label)) }
    #expect(
      outcome.output.contains("█") && outcome.output.contains("real time") && outcome.output.contains("no speech)"))
    #expect(!outcome.output.contains("\u{1B}"), "no colours where nobody sees them")
  }

  /// With the transform that is the same everywhere; see `TransformTests` for the default.
  @Test("the README's transcript is what it says, but for the time", arguments: ["agitated", "calm"])
  func transcript(name: String) throws {
    let serd = Program("serd", settings: ["SERD_TRANSFORM": "portable"])
    let outcome = try serd.run(["--once", "\(OnceTests.root)/tools/samples/\(name).flac"])
    let lines = outcome.output.replacing(OnceTests.root + "/", with: "").split(separator: "\n")
    let readme = try String(contentsOfFile: OnceTests.root + "/README.md", encoding: .utf8)
    let told = readme.split(separator: "\n")
    let start = try #require(told.firstIndex(of: "==> serd --once tools/samples/\(name).flac"))
    #expect(told[(start + 1)...].prefix(lines.count - 1) == lines.dropLast())
  }

  @Test("Silence, steady noise, hum and two samples are no speech")
  func silenceAndSteadyNoiseAreNoSpeech() throws {
    let folder = try ScratchFolder()
    var generator = TestGenerator(seed: 1)
    let noise = (0..<64000).map { _ in Float.random(in: -0.1...0.1, using: &generator) }
    // Over the noise of a good microphone, -79 dBFS. Without any, the gate takes so sharp a buzz for a voice: known,
    // not mended.
    let hum = (0..<64000).map { i -> Float in
      let phase: Double = 2 * .pi * 50 * Double(i) / 16000
      let buzz = (1...20).reduce(0.0) { $0 + sin(phase * Double($1)) / 200 }
      return Float(buzz) + Float.random(in: -0.0002...0.0002, using: &generator)
    }
    for (name, samples) in [
      ("silence", [Float](repeating: 0, count: 64000)), ("noise", noise), ("hum", hum), ("tiny", [0.1, 0.2]),
    ] {
      let file = try folder.write("\(name).wav", WAVFile.float(samples))
      let outcome = try serd.run(["--once", file, "--json"])
      let answer = try object(outcome.output)
      #expect(outcome.status == 0)
      #expect(answer["speech"] as? Bool == false, "\(name)")
      #expect(answer["label"] is NSNull && answer["confidence"] is NSNull && answer["probabilities"] is NSNull)
      #expect(try serd.run(["--once", file]).output.hasPrefix("no speech"))
    }
  }

  /// How loud a recording is does not matter: the gain step takes it out.
  @Test("A quiet recording gets the same label as a loud one")
  func quietRecordingsGetTheSameLabel() throws {
    let folder = try ScratchFolder()
    let loud = SyntheticSignal.harmonics.samples(seconds: 3)
    let answers = try [Float(1), 0.25, 0.0625].map { gain in
      let file = try folder.write("\(gain).wav", WAVFile.float(loud.map { $0 * gain }))
      return try object(serd.run(["--once", file, "--json"]).output)["label"] as? String
    }
    #expect(Set(answers).count == 1)
  }

  @Test("--version names serd, and --help the options and the exit codes")
  func versionAndHelp() throws {
    #expect(try serd.run(["--version"]).output.hasPrefix("serd "))
    let help = try serd.run(["--help"]).output
    for word in ["--once", "--json", "--windows", "--model", "Exit codes"] { #expect(help.contains(word)) }
  }
}
