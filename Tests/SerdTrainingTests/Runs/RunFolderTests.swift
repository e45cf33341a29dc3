import Dispatch
import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Synchronization
import Testing

/// Folders of runs: resumed by the same experiment, refused to others, and one line when they cannot be written.
@Suite struct RunFolderTests {
  static func experiment(_ change: (inout Recipe) -> Void = { _ in }) -> Experiment {
    var recipe = TinyTraining.recipe
    change(&recipe)
    return Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: recipe)
  }

  @Test("A run folder takes up the same experiment and refuses another, naming what differs")
  func anotherExperimentIsRefused() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/deep/run"
    _ = try RunFolder(path: path, experiment: Self.experiment())
    _ = try RunFolder(path: path, experiment: Self.experiment())
    for other in [
      Self.experiment { $0.epochs += 1 }, Self.experiment { $0.augmentation.mixup = 0 },
      Experiment(corpus: "RAVDESS", testedBy: .folds(.loso), recipe: TinyTraining.recipe),
      Experiment(corpus: "EMO-DB", testedBy: .folds(.groups(3)), recipe: TinyTraining.recipe),
    ] {
      let error = thrown(TrainingError.self) { try RunFolder(path: path, experiment: other) }
      #expect(
        error?.cause == .usage && error?.problem.contains(path) == true && error?.advice == "name another run folder")
    }
    let differs = thrown(TrainingError.self) {
      try RunFolder(path: path, experiment: Self.experiment { ($0.epochs, $0.dropout) = (1, 0) })
    }
    #expect(differs?.problem.hasSuffix("holds another run: its recipe differs in dropout, epochs") == true)
    // A folder of a version that did not note its recordings is one of any.
    let known = Experiment(
      corpus: try TinyTraining().corpus, testedBy: .folds(.loso), recipe: TinyTraining.recipe)
    _ = try RunFolder(path: path, experiment: known)
    try Data("not JSON".utf8).write(to: URL(fileURLWithPath: path + "/run.json"))
    #expect(throws: TrainingError.self) { try RunFolder(path: path, experiment: Self.experiment()) }
  }

  /// The tests may run as root, whom no permissions stop: a file in place of a folder stops everybody.
  @Test("A run folder that cannot be written is named in one line")
  func whatCannotBeWrittenIsNamedInOneLine() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("file", [])
    for path in [file, file + "/below", "/proc/no-such-place"] {
      let error = thrown(TrainingError.self) { try RunFolder(path: path, experiment: Self.experiment()) }
      #expect(error?.cause == .cannotWrite && error?.problem.contains(path) == true, "\(path)")
      #expect(error?.description.contains("\n") == false && error?.problem.hasSuffix(".") == false)
    }
    for path in [file + "/x.json", scratch.path, "/dev/full/x"] {
      #expect(
        thrown(TrainingError.self) { try OutputFile.write(Data("x".utf8), to: path) }?.cause == .cannotWrite, "\(path)")
    }
    let below = thrown(TrainingError.self) { try RunFolder(path: file + "/below", experiment: Self.experiment()) }
    #expect(below?.problem == "cannot write \(file)/below: Not a directory", "the system's own words")
  }

  @Test("A file is replaced as a whole, by several writers too, and nothing is left beside it")
  func aWrittenFileIsWholeAndReplacesTheOld() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("a.json", Array("old and long".utf8))
    try OutputFile.write(Data("new".utf8), to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    let large = [Data(repeating: 1, count: 1 << 20), Data(repeating: 2, count: 1 << 20)]
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 24) { index in
      do { try OutputFile.write(large[index % 2], to: path) } catch { failures.withLock { $0 += 1 } }
    }
    #expect(failures.withLock { $0 } == 0, "several writers do not take each other's file away")
    let kept = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(large.contains(kept))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["a.json"], "nothing is left beside it")
  }
}
