import Dispatch
import Foundation
import SerdCorpora
import SerdNetwork
import Synchronization

/// Trains and evaluates all folds of a protocol for some seeds, several at a time, each on one thread: folds are independent, so
/// this uses the cores better than threads inside one training.
package struct CrossValidation: Sendable {
  /// Recipe, corpus and protocol.
  package let experiment: Experiment
  /// The recordings.
  package let corpus: Corpus
  /// Their windows; nil if all folds are known to be done.
  package let features: FeatureSet?
  /// Where results go.
  package let folder: RunFolder
  /// One pass over the folds each.
  package let seeds: [UInt64]
  /// What is trained and tested.
  package let folds: [Fold]
  /// Folds trained at the same time.
  package let jobs: Int
  /// Written into the folds' models.
  package let provenance: Provenance

  /// A run over `seeds` × `folds`; what the folder holds already is not done again.
  package init(
    experiment: Experiment, corpus: Corpus, features: FeatureSet?, folder: RunFolder, seeds: [UInt64], folds: [Fold],
    jobs: Int, provenance: Provenance
  ) {
    self.experiment = experiment
    self.corpus = corpus
    self.features = features
    self.folder = folder
    self.seeds = seeds
    self.folds = folds
    self.jobs = jobs
    self.provenance = provenance
  }

  /// Runs what is not done yet and returns all results, by seed, then by fold.
  ///
  /// - Parameter report: gets a line of progress now and then, from any thread.
  package func run(report: @escaping @Sendable (String) -> Void) throws -> [FoldResult] {
    if let fold = folds.first(where: { $0.train.isEmpty }) {
      throw TrainingError(
        "fold \(fold.name) has nothing to train on: the corpus has no other speaker",
        advice: "give recordings of two speakers or more")
    }
    let todo = try seeds.flatMap { seed in
      try folds.map { (seed: seed, fold: $0, done: try folder.result(seed: seed, fold: $0.name)) }
    }
    let state = Mutex(Queue(pending: todo.filter { $0.done == nil }.map { ($0.seed, $0.fold) }))
    let progress = RunProgress(
      folds: todo.count { $0.done == nil }, epochs: experiment.recipe.epochs, jobs: jobs)
    if todo.contains(where: { $0.done != nil }) {
      report("\(todo.count { $0.done != nil }) of \(todo.count) folds are done already")
    }
    let elsewhere = Mutex<[(UInt64, Fold)]>([])
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      while let (seed, fold) = state.withLock({ $0.failure == nil ? $0.pending.popFirst() : nil }) {
        do {
          if try !run(fold: fold, seed: seed, progress: progress, report: report) {
            elsewhere.withLock { $0.append((seed, fold)) }
          }
        } catch {
          let failure = RunFailure(fold: fold.name, seed: seed, cause: error)
          state.withLock { $0.failure = $0.failure ?? failure }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    // Other processes may work in the same folder: what they had begun is theirs, unless they end without a result.
    for (seed, fold) in elsewhere.withLock({ $0 }) {
      report("seed \(seed) fold \(fold.name)  waits for another process that trains it")
      do {
        _ = try run(fold: fold, seed: seed, isWaiting: true, progress: progress, report: report)
      } catch {
        throw RunFailure(fold: fold.name, seed: seed, cause: error)
      }
    }
    return try seeds.flatMap { seed in try folds.compactMap { try folder.result(seed: seed, fold: $0.name) } }
  }

  /// Does a job, unless its result is there meanwhile; false if another process is at it.
  private func run(
    fold: Fold, seed: UInt64, isWaiting: Bool = false, progress: RunProgress, report: @Sendable (String) -> Void
  ) throws -> Bool {
    guard let lock = try FolderLock(folder: folder.folder(seed: seed, fold: fold.name), isWaiting: isWaiting) else {
      return false
    }
    defer { lock.release() }
    OutputFile.removeLeftovers(in: try folder.folder(seed: seed, fold: fold.name))
    guard try folder.result(seed: seed, fold: fold.name) == nil else { return true }
    guard let features else {
      throw TrainingError("its result was there a moment ago", advice: "repeat the command")
    }
    var provenance = provenance
    provenance.seed = seed
    let job = FoldJob(
      fold: fold, seed: seed, recipe: experiment.recipe, corpus: corpus, features: features, folder: folder,
      threads: 1, provenance: provenance, evaluationProtocol: experiment.evaluationProtocol)
    var isFirst = true
    let result = try job.run { epoch in
      // Of a training that goes on, what was done before is nothing left to do.
      if isFirst { progress.skip(epochs: epoch.epoch - 1) }
      isFirst = false
      let left = progress.timeLeft(afterEpochOf: .seconds(Double(fold.train.count) / epoch.clipsPerSecond))
      try folder.log(LoggedEpoch(fold: fold.name, seed: seed, progress: epoch).text)
      if epoch.epoch % 10 == 0 || epoch.epoch == 1 {
        report(
          "seed \(seed) fold \(fold.name)  epoch \(epoch.epoch)/\(epoch.epochs)  loss \(decimals(epoch.loss, 3))  "
            + (epoch.validation.map { "validation WA \(percent($0.weightedAccuracy))  " } ?? "")
            + "\(Int(epoch.clipsPerSecond)) clips/s  \(hoursAndMinutes(left)) left")
      }
    }
    let classes = corpus.labels.count
    let (float, int8) = (result.float.matrix(classes), result.int8.matrix(classes))
    report(
      "seed \(seed) fold \(fold.name)  done: float UA \(percent(float.unweightedAccuracy))  "
        + "int8 UA \(percent(int8.unweightedAccuracy)) of \(int8.total) recordings, \(experiment.printedProtocol)")
    return true
  }

  private struct Queue {
    var pending: ArraySlice<(UInt64, Fold)>
    var failure: RunFailure?
    init(pending: [(UInt64, Fold)]) { self.pending = pending[...] }
  }
}

/// The first failure of a run: in which fold, and why.
package struct RunFailure: Error, CustomStringConvertible {
  /// The fold's name.
  package let fold: String
  /// The seed that it was trained with.
  package let seed: UInt64
  /// What went wrong there.
  package let cause: any Error
  /// One line for the user.
  package var description: String { "seed \(seed) fold \(fold): \(cause)" }
}
