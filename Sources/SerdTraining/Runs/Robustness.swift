import Dispatch
import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdPipeline
import Synchronization

/// How the models of a finished cross-validation fare in noise and in rooms: every test recording is disturbed, then
/// classified by the int8 model that never saw its speaker, through the pipeline that serd runs. A model that adapts
/// has heard the speaker's recordings before it under the same condition.
package struct Robustness: Codable, Sendable {
  /// A condition with the decisions under it, over all folds and seeds.
  package struct Trial: Codable, Sendable {
    /// For the table.
    package let condition: String
    /// What was done to the sound.
    package let disturbance: Disturbance
    /// One per recording and seed.
    package let decisions: [Decision]
  }

  /// What was trained on what.
  package let experiment: Experiment
  /// Condition by condition.
  package let trials: [Trial]
  /// Names of folds that are missing here because they are not done, with their seeds.
  package let unfinished: [String]

  /// As recorded; pink noise 20, 10 and 5 dB below the speech; two rooms, a living room and a hall, both with as much
  /// reverberation as direct sound; a telephone's band.
  package static let conditions: [(name: String, disturbance: Disturbance)] = [
    ("as recorded", .none),
    ("noise, 20 dB SNR", .noise(decibels: 20, isPink: true)),
    ("noise, 10 dB SNR", .noise(decibels: 10, isPink: true)),
    ("noise, 5 dB SNR", .noise(decibels: 5, isPink: true)),
    ("reverberation, 0.4 s", .reverberation(seconds: 0.4, directRatio: 0)),
    ("reverberation, 0.8 s", .reverberation(seconds: 0.8, directRatio: 0)),
    ("300 to 3400 Hz", .band(low: 300, high: 3400)),
  ]

  /// Orders of the undisturbed recordings that models which follow their speaker are tried in besides; others hear no
  /// difference. A life is between the order of the names, in which emotions change all the time, and a memory of one
  /// emotion only.
  package static let orders: [(name: String, order: HearingOrder)] = [
    ("as recorded, one emotion after the other", .byEmotion), ("as recorded, memory of that emotion only", .oneEmotion),
    ("as recorded, each by itself", .alone),
  ]

  /// What a model has heard of a speaker before a recording.
  package enum HearingOrder: Sendable {
    /// All of the emotions before it, in the order of the labels, and those of its own before it.
    case byEmotion
    /// Recordings of the same emotion: a speaker who is sad all day.
    case oneEmotion
    /// Nothing.
    case alone

    package func decisions(of model: QuantisedModel, on recordings: [Recording]) throws -> [Decision] {
      let byLabel = model.description.labels.indices.map { label in recordings.filter { $0.label == label } }
      switch self {
      case .byEmotion: return try model.decisionsOfPipeline(on: byLabel.flatMap { $0 })
      case .oneEmotion: return try byLabel.flatMap { try model.decisionsOfPipeline(on: $0) }
      case .alone: return try recordings.flatMap { try model.decisionsOfPipeline(on: [$0]) }
      }
    }
  }

  /// Tries all finished folds of a run. The noise of a recording depends on its place in the corpus alone.
  package init(of folder: RunFolder, corpus: Corpus, report: @escaping @Sendable (String) -> Void) throws {
    let evaluation = try folder.evaluation(of: corpus)
    let folds = folder.experiment.headline(evaluation.folds(of: corpus), of: corpus)
    let all = folder.seeds.flatMap { seed in
      folds.map { fold in
        let id = FoldID(seed: seed, fold: fold.name)
        return (id: id, fold: fold, model: folder.fold(id).int8)
      }
    }
    let jobs = all.filter { FileManager.default.fileExists(atPath: $0.model) }
    guard !jobs.isEmpty else {
      throw TrainingError(.noInput, "no fold of \(folder.path) is finished", advice: "finish the crossval first")
    }
    let done = Set(jobs.map(\.id))
    unfinished = all.map(\.id).filter { !done.contains($0) }.map { "\($0)" }
    let results = Mutex<[Int: Result<[[Decision]], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      let result = Result {
        try Self.decisions(
          of: jobs[index].fold, in: folder.experiment.heardOrder(jobs[index].fold.test), model: jobs[index].model,
          corpus: corpus)
      }
      results.withLock { $0[index] = result }
      report("\(jobs[index].model): done")
    }
    let byJob = try jobs.indices.map { index in try results.withLock { $0[index]! }.get() }
    experiment = folder.experiment
    let adapts = experiment.recipe.frontEnd.adaptation != nil
    let tried = Self.conditions + (adapts ? Self.orders.map { ($0.name, .none) } : [])
    trials = tried.enumerated().map { number, condition in
      Trial(
        condition: condition.name, disturbance: condition.disturbance, decisions: byJob.flatMap { $0[number] })
    }
  }

  /// The decisions of one fold's model on its test speakers, condition by condition.
  private static func decisions(
    of fold: Fold, in order: [Int], model: String, corpus: Corpus
  ) throws -> [[Decision]] {
    let model = try Model(parsing: ModelFile.bytes(path: model))
    let network = model.makeClassifier()
    var speakers = conditions.map { _ in HeardSpeakers(network.makeMemory) }
    var result = Array(repeating: [Decision](), count: conditions.count)
    for index in order {
      let recording = corpus.recordings[index]
      let samples = try recording.samples()
      for (number, condition) in conditions.enumerated() {
        var generator = SeededGenerator(seed: 1).derived(UInt64(index))
        let disturbed = condition.disturbance.apply(to: samples, generator: &generator)
        let classifier = FileClassifier(
          classifier: network, transform: .chosen, adaptation: speakers[number].adaptation(of: recording.speaker))
        let answer = try classifier.classify(SampleSource(disturbed))
        result[number].append(Decision(recording, probabilities: answer.probabilities ?? []))
      }
    }
    if case .lightSERNet(let quantised) = model, model.description.frontEnd.adaptation != nil {
      let test = fold.test.map { corpus.recordings[$0] }
      result += try orders.map { try $0.order.decisions(of: quantised, on: test) }
    }
    return result
  }

  /// Writes it into the run folder.
  package func write(into folder: RunFolder) throws { try folder.robustness.write(self) }
}
