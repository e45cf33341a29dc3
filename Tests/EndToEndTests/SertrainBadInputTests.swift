import Foundation
import SerdTestKit
import Testing

/// What sertrain cannot do it says in one line, with the documented exit code, and without a stack trace.
@Suite struct SertrainBadInputTests {
  let sertrain = Program("sertrain")
  let scratch: ScratchFolder
  let corpus: String
  let run: String

  init() throws {
    scratch = try ScratchFolder()
    corpus = scratch.path + "/corpus"
    run = scratch.path + "/run"
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    try SyntheticCorpus.writeEMODB(into: corpus, speakers: ["03", "08"], letters: "WF", sentences: 1, seconds: 0.3)
  }

  private func expectRefusal(
    _ arguments: [String], status: Int32, mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try sertrain.run(arguments)
    #expect(outcome.status == status, "\(outcome.messages)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    // What was read is said before; the last line is the reason.
    let reasons = outcome.messages.split(separator: "\n").filter { $0.hasPrefix("sertrain: ") }
    #expect(
      reasons.count == 1 && outcome.messages.hasSuffix("\(reasons.last ?? "")\n"), "\(outcome.messages)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(reasons.last?.contains(word) == true, "\(outcome.messages)", sourceLocation: sourceLocation)
    }
  }

  private func crossval(_ options: String...) -> [String] {
    ["crossval", corpus, "--recipe", "plain", "--epochs", "1", "--run", run] + options
  }

  @Test("Wrong options are named with what is right, and no run folder is made for them")
  func wrongUsage() throws {
    let base = ["crossval", corpus, "--run", run]
    try expectRefusal(base + ["--recipe", "magic"], status: 64, mentioning: "\"magic\"", "sertrain recipes")
    try expectRefusal(base + ["--recipe", "plain", "--epochs", "0"], status: 64, mentioning: "0 epochs")
    try expectRefusal(crossval("--protocol", "leaky"), status: 64, mentioning: "\"leaky\"", "loso")
    try expectRefusal(crossval("--folds", "03,99"), status: 64, mentioning: "\"99\"", "03, 08")
    try expectRefusal(crossval("--folds", ","), status: 64, mentioning: "names no fold")
    try expectRefusal(crossval("--seeds", "1,x"), status: 64, mentioning: "\"1,x\"")
    try expectRefusal(crossval("--format", "mp3"), status: 64, mentioning: "\"mp3\"", "emodb")
    #expect(!FileManager.default.fileExists(atPath: run), "nothing is made for a command that cannot be run")
    #expect(try sertrain.run(["crossval", corpus]).status == 64, "the run folder is required")
    #expect(try sertrain.run(["juggle"]).status == 64)
  }

  @Test("A corpus that is missing, of another format or unreadable is named")
  func corporaThatCannotBeUsed() throws {
    let missing = scratch.path + "/missing"
    try expectRefusal(["crossval", missing, "--recipe", "plain", "--run", run], status: 66, mentioning: missing)
    try expectRefusal(crossval("--format", "ravdess"), status: 65, mentioning: corpus, "RAVDESS")
    try scratch.write("corpus/10a01Wa.wav", Array("this is not sound\n".utf8))
    try expectRefusal(crossval(), status: 65, mentioning: "10a01Wa.wav")
    try scratch.write("corpus/10a01Wa.wav", [])
    try expectRefusal(
      ["train", corpus, "--recipe", "plain", "--run", run, "--name", "x"], status: 65, mentioning: "10a01Wa.wav",
      "empty")
  }

  @Test("One speaker is too few for cross-validation")
  func oneSpeakerIsTooFew() throws {
    for name in ["03a01Wa", "03a01Fa"] { try FileManager.default.removeItem(atPath: "\(corpus)/\(name).wav") }
    try expectRefusal(crossval(), status: 65, mentioning: "one speaker", "two speakers or more")
  }

  @Test("A run folder that cannot be written or holds another run is named")
  func runFoldersThatCannotBeUsed() throws {
    let file = try scratch.write("file", [])
    try expectRefusal(
      ["crossval", corpus, "--recipe", "plain", "--run", file + "/run"], status: 74, mentioning: "cannot write", file)
    #expect(try sertrain.run(crossval("--folds", "03")).status == 0)
    try expectRefusal(crossval("--protocol", "groups-2"), status: 64, mentioning: run, "under loso", "--run")
  }

  /// Neither may pass off what was trained before as its own.
  @Test("A run does not pass off as its own what was trained with another seed or other speakers")
  func anotherSeedOrOtherSpeakersAreRefused() throws {
    let train = ["train", corpus, "--recipe", "plain", "--epochs", "5", "--run", run + "/all", "--name", "x"]
    #expect(try sertrain.run(train).status == 0)
    #expect(try sertrain.run(train).status == 0, "the same again is no harm")
    try expectRefusal(train + ["--seed", "2"], status: 64, mentioning: "checkpoint.safetensors", "another seed")

    func manifest(_ speaker: String) throws {
      try scratch.write(
        "corpus/list.csv",
        Array(
          "path,label,speaker\n03a01Wa.wav,a,1\n03a01Fa.wav,b,1\n08a01Wa.wav,a,2\n08a01Fa.wav,b,\(speaker)\n".utf8))
    }
    let crossval = [
      "crossval", corpus + "/list.csv", "--recipe", "plain", "--epochs", "1", "--run", run + "/list", "--fold", "1",
    ]
    try manifest("2")
    #expect(try sertrain.run(crossval).status == 0, "a .csv is a manifest")
    let published = ["crossval", corpus + "/list.csv", "--recipe", "report-emodb", "--run", run + "/x", "--list"]
    #expect(try sertrain.run(published).status == 0, "whatever the recipe was published on")
    try expectRefusal(
      crossval + ["--start-from", scratch.path + "/none"], status: 66, mentioning: "the path of a .safetensors file")
    try manifest("3")
    try expectRefusal(crossval, status: 64, mentioning: "have changed since", "--run")
  }

  @Test("Numbers that do nothing, and an empty name, are refused")
  func numbersThatDoNothing() throws {
    try expectRefusal(crossval("--jobs", "0"), status: 64, mentioning: "0 jobs")
    try expectRefusal(
      ["train", corpus, "--run", run, "--name", "x", "--threads", "0"], status: 64, mentioning: "0 threads")
    try expectRefusal(["train", corpus, "--run", run, "--name", ""], status: 64, mentioning: "no name")
    try expectRefusal(crossval("--protocol", "groups-3"), status: 64, mentioning: "2 speakers", "fewer groups")
  }

  @Test("A full disk is noticed, and what took minutes is not lost")
  func aFullDiskIsNoticed() throws {
    for arguments in [["recipes"], ["recipes", "plain"], ["inspect", corpus], crossval("--list")] {
      let outcome = try sertrain.run(arguments, outputTo: "/dev/full")
      #expect(outcome.status == 74 && outcome.messages.contains("standard output"), "\(outcome.messages)")
    }
    #expect(try sertrain.run(crossval("--jobs", "1")).status == 0)
    let robustness = try sertrain.run(["robustness", corpus, "--run", run], outputTo: "/dev/full")
    #expect(robustness.status == 74)
    #expect(FileManager.default.fileExists(atPath: run + "/robustness.json"), "what took minutes is not lost")
  }

  /// A folder belongs to the recordings that were trained on, not to those that could not be read.
  @Test("A run folder is free for another try until all recordings were read")
  func aRunFolderIsFreeUntilAllIsRead() throws {
    try scratch.write("corpus/10a01Wa.wav", WAVFile.float([Float](repeating: 0, count: 8000)))
    try expectRefusal(crossval(), status: 65, mentioning: "10a01Wa.wav", "digital silence", "--leave-out-unreadable")
    #expect(try sertrain.run(crossval("--leave-out-unreadable")).status == 0)
  }

  @Test("A model that is missing, none at all or of the wrong kind is named, and nothing is written")
  func modelsThatCannotBeUsed() throws {
    let int8 = Golden.folder + "/../../models/emodb.safetensors"
    let output = scratch.path + "/out.safetensors"
    let text = try scratch.write("text.safetensors", Array("hello hello".utf8))
    for command in [["logits"], ["export", "--format", "onnx"], ["quantise", corpus]] {
      let arguments = [command[0], scratch.path + "/none"] + command.dropFirst() + ["--output", output]
      try expectRefusal(arguments, status: 66, mentioning: "/none", "the path of a .safetensors file")
    }
    try expectRefusal(["logits", text, "--output", output], status: 65, mentioning: text)
    try expectRefusal(["logits", int8, "--output", output, "--count", "0"], status: 64, mentioning: "0 windows")
    try expectRefusal(["quantise", int8, corpus, "--output", output], status: 65, mentioning: "int8 model")
    #expect(!FileManager.default.fileExists(atPath: output))
  }
}
