import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// Bad input gets one clear line on stderr, nothing on stdout, and the documented exit code.
@Suite struct OnceBadInputTests {
  let serd = Program("serd")
  let sample = OnceTests.root + "/tools/samples/agitated.flac"
  let model = OnceTests.root + "/models/emodb.safetensors"

  private func expectRefusal(
    _ arguments: [String], status: Int32, mentioning words: String..., input: Data? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try serd.run(arguments, input: input)
    #expect(outcome.status == status, "\(outcome.messages)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    let lines = outcome.messages.split(separator: "\n")
    #expect(lines.count == 1 || status == 64, "\(outcome.messages)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.messages.contains(word), "\(outcome.messages)", sourceLocation: sourceLocation)
    }
  }

  @Test("A sound or model that is missing or a folder is named, and ends it with 66")
  func missingThings() throws {
    try expectRefusal(["--once", "/nowhere/a.wav"], status: 66, mentioning: "/nowhere/a.wav")
    try expectRefusal(["--once", "/"], status: 66, mentioning: "/")
    try expectRefusal(
      ["--once", sample, "--model", "/nowhere/m.safetensors"], status: 66, mentioning: "/nowhere/m", "--model")
    try expectRefusal(["--once", sample, "--model", "/"], status: 66, mentioning: "--model")
  }

  @Test("Options that do not go together are named, and end it with 64")
  func wrongUsage() throws {
    try expectRefusal(["--json"], status: 64, mentioning: "--once")
    try expectRefusal(["--once"], status: 64, mentioning: "--once")
    try expectRefusal(["--once", ""], status: 64, mentioning: "--once")
    try expectRefusal(["--once", sample, "--windows"], status: 64, mentioning: "--json")
    try expectRefusal(["--loudly"], status: 64, mentioning: "--loudly")
  }

  @Test("Files that are no sound, and standard input that is none, end it with 65 and a line")
  func filesThatAreNoSound() throws {
    let folder = try ScratchFolder()
    let sound = WAVFile.float(SyntheticSignal.harmonics.samples(seconds: 2))
    var withNaN = SyntheticSignal.harmonics.samples(seconds: 2)
    withNaN[20000] = .nan
    let files: [(String, [UInt8], String)] = [
      ("empty.wav", [], "empty"),
      ("text.wav", Array("this is not sound\n".utf8), "text.wav"),
      ("header.wav", Array(sound[..<44]), "header.wav"),
      ("half-a-header.wav", Array(sound[..<20]), "half-a-header.wav"),
      ("no-channels.wav", WAVFile.float([0, 0], channels: 0), "no-channels.wav"),
      ("nan.wav", WAVFile.float(withNaN), "nan.wav"),
      ("8-hertz.wav", WAVFile.float([0, 0.1, 0, 0.1], rate: 8), "8 Hz"),
    ]
    for (name, bytes, word) in files {
      let path = try folder.write(name, bytes)
      try expectRefusal(["--once", path, "--json"], status: 65, mentioning: word)
    }
    try expectRefusal(["--once", "-"], status: 65, mentioning: "standard input", input: Data())
    try expectRefusal(["--once", "-"], status: 65, mentioning: "standard input", input: Data("text\n".utf8))
  }

  @Test("Sound that is cut short is used, and the message says so")
  func truncatedSoundIsUsedAndSaidSo() throws {
    let folder = try ScratchFolder()
    let sound = WAVFile.float(SyntheticSignal.harmonics.samples(seconds: 3))
    let path = try folder.write("cut.wav", Array(sound[..<(44 + 4 * 40000)]))
    let outcome = try serd.run(["--once", path, "--json"])
    #expect(outcome.status == 0)
    #expect(outcome.messages.contains("promises 3") && outcome.messages.contains("2.5"))
    #expect(outcome.output.contains("\"duration_s\":2.5"))
  }

  @Test("Sound at 768 kHz is taken")
  func soundAt768Kilohertz() throws {
    let folder = try ScratchFolder()
    let samples = (0..<768_000 * 2).map { 0.3 * sinf(2 * .pi * 300 * Float($0) / 768_000) }
    let outcome = try serd.run([
      "--once", try folder.write("fast.wav", WAVFile.float(samples, rate: 768_000)), "--json",
    ])
    #expect(
      outcome.status == 0 && outcome.output.contains("\"duration_s\":2,")
        || outcome.output.contains("\"duration_s\":2.0"))
  }

  @Test("A model that is damaged, edited or no model of serd's is named, and ends it with 65")
  func modelsThatCannotBeRun() throws {
    let folder = try ScratchFolder()
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: model)))
    var flipped = good
    flipped[good.count / 2] ^= 4
    // Another front end than the weights were sealed with, as an edited header would have it.
    var edited = try Safetensors(parsing: good)
    edited.metadata["model"] = edited.metadata["model"]!.replacingOccurrences(of: "\"hop\":256", with: "\"hop\":128")
    for (name, bytes, word) in [
      ("cut.safetensors", Array(good[..<(good.count / 2)]), "cut.safetensors"),
      ("flipped.safetensors", flipped, "damaged"),
      ("text.safetensors", Array("hello hello".utf8), "text.safetensors"),
      ("empty.safetensors", [], "empty.safetensors"),
      ("edited.safetensors", edited.serialised(), "damaged"),
      ("other.safetensors", try Golden.network("paper").serialised(), "no serd model"),
    ] {
      let path = try folder.write(name, bytes)
      try expectRefusal(["--once", sample, "--model", path], status: 65, mentioning: word, path)
    }
  }

  @Test("A full disk is noticed, and ends it with 74")
  func aFullDiskIsNoticed() throws {
    let outcome = try serd.run(["--once", sample, "--json"], outputTo: "/dev/full")
    #expect(outcome.status == 74 && outcome.messages.contains("standard output"))
    let defaults = try serd.run(["check-config", "--defaults"], outputTo: "/dev/full")
    #expect(defaults.status == 74 && defaults.messages.hasPrefix("serd: "), "\(defaults.messages)")
  }
}
