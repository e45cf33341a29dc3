import Foundation
import SerdTestKit
import SerdTraining
import Synchronization
import Testing

/// Several workers in one run folder: every job is done once, and nobody waits for one that is nobody's.
@Suite struct SharedRunTests {
  let tiny: TinyTraining
  let scratch: ScratchFolder

  init() throws {
    tiny = try TinyTraining()
    scratch = try ScratchFolder()
  }

  @Test("A fold's lock is held by one at a time, and free when it lets go")
  func aLockIsHeldByOneAndEndsWithIt() throws {
    let first = try #require(try FolderLock(folder: scratch.path))
    let another = try FolderLock(folder: scratch.path)
    #expect(another == nil)
    first.release()
    let second = try #require(try FolderLock(folder: scratch.path))
    second.release()
    #expect(thrown(TrainingError.self) { try FolderLock(folder: "/nowhere") }?.cause == .cannotWrite)
  }

  /// Two runs over the same folds, begun at the same time: each fold is trained by one of them, and both end with all
  /// results.
  @Test("Two runs at the same time train each fold once, and both end with all results")
  func twoRunsShareTheWork() throws {
    let path = scratch.path + "/run"
    let results = Mutex<[[FoldResult]]>([])
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      guard let done = try? tiny.crossValidation(path, jobs: 1).run(report: { _ in }) else { return }
      results.withLock { $0.append(done) }
    }
    let both = results.withLock { $0 }
    try #require(both.count == 2)
    #expect(both[0] == both[1] && both[0].count == 4)
    let log = try String(contentsOfFile: path + "/log.ndjson", encoding: .utf8).split(separator: "\n")
    #expect(log.count == 4 * TinyTraining.recipe.epochs, "no epoch was trained twice")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ["log.ndjson", "run.json", "seed-1"], "nothing is left of the race for run.json")
  }

  /// Somebody has a fold and ends without a result: who waits then does it.
  @Test("A fold whose holder ends without a result is taken up by the one that waits")
  func aFoldThatWasLeftBehindIsTakenUp() throws {
    let path = scratch.path + "/run"
    let run = try tiny.crossValidation(path, folds: [EvaluationProtocol.loso.folds(of: tiny.corpus)[1]])
    let folder = path + "/seed-1/fold-08"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let held = HeldLock(try FolderLock(folder: folder))
    let lines = Lines()
    let results = try run.run { line in
      lines.add(line)
      // The line that says so is the event: from now on it waits.
      if line.contains("waits for another process") { held.lock?.release() }
    }
    #expect(lines.all.count { $0.contains("seed 1 fold 08  waits for another process") } == 1)
    #expect(results.map(\.fold) == ["08"])
  }

  @Test("Names of folds make safe names of folders, short and distinct")
  func namesOfFoldsAreNamesOfFolders() {
    #expect(RunFolder.fileName("03+08") == "03+08" && RunFolder.fileName("03-text1") == "03-text1")
    #expect(RunFolder.fileName("../a b") == "%2E%2E%2Fa%20b" && RunFolder.fileName("ä") == "%C3%A4")
    let (long, other) = (String(repeating: "speaker+", count: 40), String(repeating: "speaker+", count: 41))
    #expect(RunFolder.fileName(long).utf8.count < 150 && RunFolder.fileName(long) != RunFolder.fileName(other))
  }
}

/// A lock that a closure of another thread may let go of.
private final class HeldLock: Sendable {
  let lock: FolderLock?
  init(_ lock: FolderLock?) { self.lock = lock }
}
