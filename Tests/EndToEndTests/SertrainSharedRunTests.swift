import Foundation
import SerdTestKit
import Testing

/// Runs of several processes, and runs that the disk stops.
@Suite struct SertrainSharedRunTests {
  let sertrain = Program("sertrain")
  let scratch: ScratchFolder
  let corpus: String

  init() throws {
    scratch = try ScratchFolder()
    corpus = scratch.path + "/corpus"
    try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
    try SyntheticCorpus.writeEMODB(
      into: corpus, speakers: ["03", "08", "09"], letters: "WF", sentences: 1, seconds: 0.5)
  }

  private func crossval(_ run: String, _ options: String...) -> [String] {
    ["crossval", corpus, "--recipe", "plain", "--run", run, "--jobs", "1"] + options
  }

  /// Each job a process of its own, all at once, as a scheduler starts them; then the table, which trains nothing.
  @Test("Every fold of a run may be a process of its own, and the table then trains nothing")
  func jobsOfOneRunAreProcesses() throws {
    let run = scratch.path + "/run"
    let processes = try (1...3).map { try sertrain.start(crossval(run, "--epochs", "1", "--fold", "\($0)")) }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let partial = scratch.path + "/partial"
    #expect(try sertrain.run(crossval(partial, "--epochs", "1", "--fold", "2")).status == 0)
    let report = try sertrain.run(["report", partial, "--json"])
    #expect(report.output.contains("\"unfinished\":[\"seed 1 fold 03\",\"seed 1 fold 09\"]"), "\(report.output)")

    let table = try sertrain.run(crossval(run, "--epochs", "1"))
    #expect(table.status == 0 && table.messages.contains("3 of 3 folds are done already"), "\(table.messages)")
    #expect(!table.messages.contains("features"), "nothing is computed for a table")
    #expect(table.output.contains("over 3 speakers") && table.output.hasPrefix("Protocol loso:"))
    let log = try String(contentsOfFile: run + "/log.ndjson", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 3)
    let beyond = try sertrain.run(crossval(run, "--epochs", "1", "--fold", "4"))
    #expect(beyond.status == 64 && beyond.messages.contains("use 1 to 3"))
  }

  @Test("Another run reads the features that the first one computed")
  func anotherRunReadsTheFeatures() throws {
    _ = try sertrain.run(crossval(scratch.path + "/run", "--epochs", "1", "--fold", "1"))
    let other = try sertrain.run(crossval(scratch.path + "/other", "--epochs", "1", "--fold", "1"))
    let cache = try #require(sertrain.environment["XDG_CACHE_HOME"])
    #expect(other.status == 0 && other.messages.contains("serd hears: from \(cache)/sertrain, "), "\(other.messages)")
  }

  /// A limit on the size of files stands in for a full disk: writing fails with the run half done.
  @Test("A full disk stops training with one line, and it goes on from the last good checkpoint")
  func aFullDiskStopsItWithOneLineAndKeepsTheCheckpoint() throws {
    let run = scratch.path + "/run"
    let arguments = crossval(run, "--epochs", "12", "--fold", "1")
    let process = try sertrain.start(arguments)
    let deadline = ContinuousClock.now + .seconds(300)
    func epochs() -> Int {
      ((try? String(contentsOfFile: run + "/log.ndjson", encoding: .utf8)) ?? "").split(separator: "\n").count
    }
    // There is no event to await in another process's file: a short poll.
    while epochs() < 6, process.isRunning, ContinuousClock.now < deadline { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let checkpoint = URL(fileURLWithPath: run + "/seed-1/fold-03/checkpoint.safetensors")
    let kept = try Data(contentsOf: checkpoint)
    try #require(epochs() < 10, "the kill must come before the second checkpoint")

    let limited = Process()
    let messages = try scratch.write("messages", [])
    limited.executableURL = URL(fileURLWithPath: "/bin/sh")
    limited.environment = sertrain.environment
    limited.arguments = ["-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "sh", sertrain.path] + arguments
    limited.standardOutput = FileHandle.nullDevice
    limited.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
    try limited.run()
    limited.waitUntilExit()
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(limited.terminationStatus == 74, "\(text)")
    let reasons = text.split(separator: "\n").filter { $0.hasPrefix("sertrain: ") }
    #expect(reasons.count == 1 && reasons[0].contains("cannot write \(checkpoint.path)"), "\(text)")
    #expect(try Data(contentsOf: checkpoint) == kept, "the last good checkpoint is there, whole")

    let resumed = try sertrain.run(arguments)
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(FileManager.default.fileExists(atPath: run + "/seed-1/fold-03/result.json"))
  }
}
