import SerdConsole
import Dispatch
import SerdCorpora
import SerdNetwork
import SerdSystem
import Synchronization

/// All folds of a protocol for some seeds, trained and evaluated several at a time, each on one thread: folds are
/// independent, so this uses the cores better than threads inside one training.
package struct CrossValidation: Sendable {
  /// Where results go, and what is trained and tested how.
  package let folder: RunFolder
  private let corpus: Corpus
  private let seeds: [UInt64]
  private let folds: [Fold]
  private let provenance: Provenance

  /// A run over `seeds` × `folds` of a corpus.
  ///
  /// - Parameter provenance: written into the folds' models.
  package init(folder: RunFolder, corpus: Corpus, seeds: [UInt64], folds: [Fold], provenance: Provenance) {
    self.folder = folder
    self.corpus = corpus
    self.seeds = seeds
    self.folds = folds
    self.provenance = provenance
  }

  private typealias Job = (id: FoldID, fold: Fold)

  private var jobs: [Job] {
    seeds.flatMap { seed in folds.map { (FoldID(seed: seed, fold: $0.name), $0) } }
  }

  /// The results that are there, by seed, then by fold.
  private var found: [FoldResult] {
    get throws { try jobs.compactMap { try folder.result($0.id) } }
  }

  /// All results, by seed, then by fold; nil if some are missing.
  package func results() throws -> [FoldResult]? {
    let found = try found
    return found.count == jobs.count ? found : nil
  }

  /// Trains what is not done yet and returns all results, by seed, then by fold.
  ///
  /// - Parameters:
  ///   - jobs: folds trained at the same time.
  ///   - report: gets a line of progress now and then, from any thread.
  package func run(
    on features: FeatureSet, jobs concurrency: Int, report: @escaping @Sendable (String) -> Void
  ) throws -> [FoldResult] {
    if let fold = folds.first(where: { $0.train.isEmpty }) {
      throw TrainingError(
        "fold \(fold.name) has nothing to train on: the corpus has no other speaker",
        advice: "give recordings of two speakers or more")
    }
    let jobs = jobs
    let todo = try jobs.filter { try folder.result($0.id) == nil }
    let work = Work(
      data: TrainingData(corpus: corpus, features: features), start: try folder.start(),
      progress: RunProgress(folds: todo.count, epochs: folder.experiment.recipe.epochs, jobs: concurrency),
      report: report)
    if todo.count < jobs.count { report("\(jobs.count - todo.count) of \(jobs.count) folds are done already") }
    let state = Mutex(Queue(pending: todo[...]))
    DispatchQueue.concurrentPerform(iterations: max(1, concurrency)) { _ in
      while let job = state.withLock({ $0.failure == nil ? $0.pending.popFirst() : nil }) {
        do throws(RunFailure) {
          if try !run(job, work) { state.withLock { $0.elsewhere.append(job) } }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    // Other processes may work in the same folder: what they had begun is theirs, unless they end without a result.
    for job in state.withLock({ $0.elsewhere }) {
      report("\(job.id)  waits for another process that trains it")
      _ = try run(job, work, isWaiting: true)
    }
    return try found
  }

  /// What all jobs of a run have in common.
  private struct Work {
    let data: TrainingData
    let start: StartModel?
    let progress: RunProgress
    let report: @Sendable (String) -> Void
  }

  private struct Queue {
    var pending: ArraySlice<Job>
    var elsewhere: [Job] = []
    var failure: RunFailure?
  }

  /// Does a job, unless its result is there meanwhile; false if another process is at it.
  private func run(_ job: Job, _ work: Work, isWaiting: Bool = false) throws(RunFailure) -> Bool {
    do {
      let place = try folder.announce(job.id)
      guard let lock = try place.lock(isWaiting: isWaiting) else { return false }
      defer { lock.release() }
      if !place.result.exists { try train(job, work) }
      return true
    } catch {
      throw RunFailure(id: job.id, failure: error)
    }
  }

  private func train(_ job: Job, _ work: Work) throws {
    var provenance = provenance
    provenance.seed = job.id.seed
    let training = FoldJob(
      id: job.id, fold: job.fold, data: work.data, run: folder, start: work.start, provenance: provenance)
    var isFirst = true
    let result = try training.run { epoch in
      // Of a training that goes on, what was done before is nothing left to do.
      if isFirst { work.progress.skip(epochs: epoch.epoch - 1) }
      isFirst = false
      let left = work.progress.timeLeft(afterEpochOf: .seconds(Double(job.fold.train.count) / epoch.clipsPerSecond))
      try folder.log.add(LoggedEpoch(epoch, of: job.id))
      if epoch.epoch % 10 == 0 || epoch.epoch == 1 {
        work.report(
          "\(job.id)  epoch \(epoch.epoch)/\(epoch.epochs)  loss \(epoch.loss.decimals(3))  "
            + (epoch.validation.map { "validation WA \($0.weightedAccuracy.percent)  " } ?? "")
            + "\(Int(epoch.clipsPerSecond)) clips/s  \(hoursAndMinutes(left)) left")
      }
    }
    let float = result.float.matrix(corpus.labels.count)
    let int8 = result.int8.matrix(corpus.labels.count)
    work.report(
      "\(job.id)  done: float UA \(float.unweightedAccuracy.percent)  int8 UA \(int8.unweightedAccuracy.percent) "
        + "of \(int8.total) recordings, \(folder.experiment.printedProtocol)")
  }
}

/// The first failure of a run: in which fold, and why.
package struct RunFailure: ExplainedError {
  /// The fold and its seed.
  package let id: FoldID
  /// What went wrong there.
  package let failure: any Error

  package var cause: ErrorCause { (failure as? any ExplainedError)?.cause ?? .internal }
  package var place: String? { "\(id)" }
  package var problem: String { "\(failure)" }
  package var advice: String { "" }
}
