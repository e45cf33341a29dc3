import Dispatch
import SerdConsole
import SerdCorpora
import SerdEncoder
import SerdNetwork
import Synchronization

/// All folds of a protocol for some seeds, with heads on a pretrained encoder: several at a time, each on one thread.
/// What is done is not done again; a head takes seconds, so there are no checkpoints.
package struct HeadValidation: Sendable {
  private let folder: RunFolder
  private let jobs: [(id: FoldID, fold: Fold)]
  private let provenance: Provenance

  /// - Parameter provenance: written into the folds' models.
  package init(folder: RunFolder, jobs: [(id: FoldID, fold: Fold)], provenance: Provenance) {
    (self.folder, self.jobs, self.provenance) = (folder, jobs, provenance)
  }

  /// Trains what is not done yet and returns all results, in the jobs' order.
  ///
  /// - Parameters:
  ///   - jobs: folds trained at the same time.
  ///   - report: gets a line for each fold, from any thread.
  package func run(
    on data: PooledData, encoder: QuantisedEncoder, jobs concurrency: Int, report: @escaping @Sendable (String) -> Void
  ) throws -> [FoldResult] {
    for job in jobs { try folder.announce(job.id) }
    let jobs = jobs
    let state = Mutex((next: 0, failure: RunFailure?.none))
    DispatchQueue.concurrentPerform(iterations: max(1, min(concurrency, jobs.count))) { _ in
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.failure == nil ? state.next : jobs.count
        }
        guard index < jobs.count else { return }
        do { try run(jobs[index].id, jobs[index].fold, data, encoder: encoder, report: report) } catch {
          state.withLock { $0.failure = $0.failure ?? RunFailure(id: jobs[index].id, failure: error) }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return try jobs.compactMap { try folder.result($0.id) }
  }

  /// Does a fold, unless its result is there.
  private func run(
    _ id: FoldID, _ fold: Fold, _ data: PooledData, encoder: QuantisedEncoder, report: (String) -> Void
  ) throws {
    let place = try folder.announce(id)
    guard let lock = try place.lock(isWaiting: true) else { return }
    defer { lock.release() }
    if !place.result.exists { try train(id, fold, data, encoder: encoder, place: place, report: report) }
  }

  private func train(
    _ id: FoldID, _ fold: Fold, _ data: PooledData, encoder: QuantisedEncoder, place: TrainingFolder,
    report: (String) -> Void
  ) throws {
    let recipe = folder.experiment.recipe
    let start = ContinuousClock.now
    let trained = try HeadTrainer.train(on: data.at(fold.train), recipe: recipe, head: recipe.head!, seed: id.seed)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    var provenance = provenance
    provenance.seed = id.seed
    let model = try trained.model(
      name: "\(data.corpus.name) without \(fold.name)", recipe: recipe, labels: data.corpus.labels, encoder: encoder,
      provenance: provenance)
    try OutputFile.write(model.serialised(), to: place.int8)
    let heard = HeadDecisions(of: trained.head, on: data, order: folder.experiment.heardOrder(fold.test))
    let byEmotion = fold.test.sorted { data.corpus.recordings[$0].label < data.corpus.recordings[$1].label }
    let result = FoldResult(
      of: fold, seed: id.seed, testedBy: folder.experiment.testedBy, float: [], int8: heard.whole,
      trainingSeconds: seconds, oneWindow: heard.oneWindow,
      emotionByEmotion: recipe.follows ? HeadDecisions(of: trained.head, on: data, order: byEmotion).whole : nil)
    try place.result.write(result)
    let matrix = result.int8.matrix(data.corpus.labels.count)
    report(
      "\(id)  \(trained.iterations) iterations, loss \(trained.loss.decimals(3)), \(seconds.decimals(1)) s: "
        + "UA \(matrix.unweightedAccuracy.percent) of \(matrix.total) recordings, \(folder.experiment.printedProtocol)")
  }
}

extension HeadTrainer.Trained {
  /// The head with its encoder, as serd runs it.
  func model(
    name: String, recipe: Recipe, labels: [String], encoder: QuantisedEncoder, provenance: Provenance
  ) throws(ModelFileError) -> EncoderModel {
    try EncoderModel(
      description: ModelDescription(
        name: name, architecture: nil, frontEnd: recipe.frontEnd(with: cepstra), windowFrames: recipe.windowFrames,
        labels: labels, provenance: provenance), encoder: encoder, head: head)
  }
}
