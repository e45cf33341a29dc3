import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `sertrain inspect`, and corpora by manifest, as a user runs them.
@Suite struct SertrainCorpusTests {
  let sertrain = Program("sertrain")
  let scratch: ScratchFolder
  let corpus: String

  init() throws {
    scratch = try ScratchFolder()
    corpus = scratch.path + "/corpus"
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    try SyntheticCorpus.writeEMODB(
      into: corpus, speakers: ["03", "08"], letters: "WF", sentences: 1, seconds: 0.5)
  }

  @Test("inspect counts a corpus and fails only for what cannot be read; training can leave that out")
  func inspectCountsAndFailsOnlyForWhatCannotBeRead() throws {
    try scratch.write("corpus/notes.txt", [])
    let outcome = try sertrain.run(["inspect", corpus])
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix("EMO-DB: 4 recordings, 2 speakers, 7 classes"))
    #expect(outcome.output.contains("| anger | 2 | 1 s |") && outcome.output.contains("notes.txt"))

    try scratch.write("corpus/10a01Wa.wav", Array("this is not sound".utf8))
    let bad = try sertrain.run(["inspect", corpus, "--json"])
    #expect(bad.status == 65 && bad.messages.contains("10a01Wa.wav"))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bad.output.utf8)) as? [String: Any])
    #expect((object["unreadable"] as? [[String: Any]])?.count == 1)
    #expect((object["left_out"] as? [[String: String]])?.first?["reason"] == "not a sound file")
    #expect((object["classes"] as? [[String: Any]])?.map { $0["recordings"] as? Int } == [2, 0, 0, 0, 2, 0, 0])
    #expect((object["speakers"] as? [[String: Any]])?.count == 3)

    let training = ["crossval", corpus, "--recipe", "plain", "--epochs", "1", "--run", scratch.path + "/run"]
    #expect(try sertrain.run(training).status == 65, "it stops at what cannot be read")
    let without = try sertrain.run(training + ["--leave-out-unreadable", "--list"])
    #expect(without.status == 0 && without.lines.count == 2, "\(without.messages)")
    #expect(without.messages.contains("left out 2"))
  }

  @Test("A manifest is a corpus, and a bad line of it is named by its number")
  func aManifestIsACorpus() throws {
    let text =
      "path,label,speaker\n03a01Wa.wav,angry,Anna\n03a01Fa.wav,glad,Anna\n08a01Wa.wav,angry,Ben\n08a01Fa.wav,glad,Ben\n"
    let file = try scratch.write("corpus/two.csv", Array(text.utf8))
    let list = try sertrain.run(["crossval", file, "--format", "manifest", "--run", scratch.path + "/run", "--list"])
    #expect(
      list.lines == ["1\tseed 1\tfold Anna\ttrain 2\ttest 2", "2\tseed 1\tfold Ben\ttrain 2\ttest 2"],
      "\(list.messages)")
    try scratch.write("corpus/two.csv", Array((text + "x.wav,sad\n").utf8))
    let bad = try sertrain.run(["inspect", file, "--format", "manifest"])
    #expect(
      bad.status == 65 && bad.messages == "sertrain: \(file):6: 2 fields instead of 3; quote fields that hold a comma\n"
    )
  }

  /// A corpus beside another is trained on in every fold, and nothing of it is tested or named.
  @Test("A corpus beside another lends its speakers, and nothing of it is tested or named")
  func aCorpusBesideLendsItsSpeakers() throws {
    let others = scratch.path + "/others"
    try FileManager.default.createDirectory(atPath: others, withIntermediateDirectories: true)
    // The third speaker's sound is nobody's in the corpus.
    try SyntheticCorpus.writeEMODB(
      into: others, speakers: ["03", "08", "13"], letters: "WF", sentences: 1, seconds: 0.5)
    let text = "path,label,speaker\n13a01Wa.wav,angry,Anna\n13a01Fa.wav,glad,Ben\n"
    let other = "manifest:" + (try scratch.write("others/other.csv", Array(text.utf8)))
    let run = scratch.path + "/run"
    let command = ["crossval", corpus, "--beside", other, "--recipe", "plain", "--epochs", "1", "--run", run]
    let list = try sertrain.run(command + ["--list"])
    #expect(
      list.lines == ["1\tseed 1\tfold 03\ttrain 4\ttest 2", "2\tseed 1\tfold 08\ttrain 4\ttest 2"], "\(list.messages)")
    let outcome = try sertrain.run(command + ["--folds", "03"])
    #expect(outcome.status == 0 && outcome.output.contains("EMO-DB beside other, loso"), "\(outcome.messages)")
    #expect(!outcome.output.contains("glad"))
    let model = try Safetensors(
      parsing: ModelFile.bytes(path: run + "/seed-1/fold-03/int8.safetensors"))
    #expect(model.metadata.values.contains { $0.contains("\"EMO-DB\",\"other\"") }, "\(model.metadata)")
    let later = try sertrain.run(["robustness", corpus, "--run", run])
    #expect(later.status == 64 && later.messages.contains("a run of EMO-DB beside other, not of EMO-DB"))
    let leak = try scratch.write(
      "leak.csv", Array("path,label,speaker\ncorpus/08a01Wa.wav,angry,Anna\ncorpus/08a01Fa.wav,glad,Ben\n".utf8))
    let leaking = try sertrain.run(["inspect", corpus, "--beside", "manifest:" + leak])
    #expect(leaking.status == 64 && leaking.messages.contains("08a01Fa.wav is in EMO-DB and beside it"))
    let nameless = try sertrain.run(["inspect", corpus, "--beside", "other.csv"])
    #expect(nameless.status == 64 && nameless.messages.contains("--beside other.csv names no format"))
  }

  @Test(
    "The same sound under two speakers is refused before anything is trained; for one speaker it may be there twice")
  func copiesAreRefused() throws {
    let files = FileManager.default
    for name in ["03a01Wa.wav", "03a01Fa.wav"] {
      try files.copyItem(atPath: "\(corpus)/\(name)", toPath: "\(scratch.path)/copy_\(name)")
    }
    let rows = ["03a01Wa", "03a01Fa", "08a01Wa", "08a01Fa"].map {
      "corpus/\($0).wav,\($0.dropFirst(5).first!),\($0.prefix(2))"
    }
    func run(_ more: String) throws -> Program.Outcome {
      let text = "path,label,speaker\n" + rows.joined(separator: "\n") + "\n" + more
      let manifest = try scratch.write("list.csv", Array(text.utf8))
      return try sertrain.run([
        "crossval", manifest, "--recipe", "plain", "--epochs", "1", "--run", scratch.path + "/run",
      ])
    }
    let leaking = try run("copy_03a01Wa.wav,W,99\ncopy_03a01Fa.wav,F,99\n")
    #expect(
      leaking.status == 65 && leaking.messages.contains("2 sounds stand under two speakers"), "\(leaking.messages)")
    #expect(
      leaking.messages.contains("copy_03a01Fa.wav (99, F) = ")
        && leaking.messages.contains("/corpus/03a01Fa.wav (03, F);"))
    #expect(!files.fileExists(atPath: scratch.path + "/run/run.json"))
    let twice = try run("copy_03a01Wa.wav,W,03\n")
    #expect(twice.status == 0, "\(twice.messages)")
  }

  /// A model must meet the windows that it was trained on.
  @Test("A published experiment's recipe is not for a model to be shipped")
  func recipesOfPublishedExperimentsAreNotForShipping() throws {
    let run = scratch.path + "/run"
    let outcome = try sertrain.run(["train", corpus, "--recipe", "report-emodb", "--name", "x", "--run", run])
    #expect(outcome.status == 64 && outcome.messages.contains("report-emodb prepares"), "\(outcome.messages)")
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test("A choice that a corpus does not have is told in one line")
  func wrongChoicesAreOneLine() throws {
    let wrong: [([String], String)] = [
      (["--part", "song"], "--part \"song\""), (["--format", "iemocap", "--classes", "5"], "--classes \"5\""),
      (["--format", "iemocap", "--sessions", "1,x"], "sessions"),
      (["--format", "asvp-esd", "--fold-unit", "session"], "asvp-esd"),
      (["--part", "speech"], "emodb"),
    ]
    for (options, words) in wrong {
      let outcome = try sertrain.run(["inspect", corpus] + options)
      #expect(outcome.status == 64 && outcome.messages.contains(words), "\(options) \(outcome.messages)")
      #expect(outcome.messages.hasPrefix("sertrain: ") && outcome.messages.split(separator: "\n").count == 1)
    }
  }
}
