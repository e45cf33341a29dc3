import Dispatch
import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdPipeline
import Synchronization

/// How the models of a finished cross-validation fare in noise and in rooms: every test recording is disturbed, then classified by
/// the int8 model that never saw its speaker, through the pipeline that serd runs. A model that adapts has heard the speaker's recordings before it
/// under the same condition.
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

  /// As recorded; pink noise 20, 10 and 5 dB below the speech; two rooms, a living room and a hall, both with as much reverberation
  /// as direct sound; a telephone's band.
  package static let conditions: [(name: String, disturbance: Disturbance)] = [
    ("as recorded", .none),
    ("noise, 20 dB SNR", .noise(decibels: 20, isPink: true)),
    ("noise, 10 dB SNR", .noise(decibels: 10, isPink: true)),
    ("noise, 5 dB SNR", .noise(decibels: 5, isPink: true)),
    ("reverberation, 0.4 s", .reverberation(seconds: 0.4, directRatio: 0)),
    ("reverberation, 0.8 s", .reverberation(seconds: 0.8, directRatio: 0)),
    ("300 to 3400 Hz", .band(low: 300, high: 3400)),
  ]

  /// Orders of the undisturbed recordings that models which follow their speaker are tried in besides; others hear no difference. A life is between
  /// the order of the names, in which emotions change all the time, and a memory of one emotion only.
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

    package func decisions(of model: QuantisedModel, recordings: [Int], corpus: Corpus) throws -> [Decision] {
      let byLabel = corpus.labels.indices.map { label in recordings.filter { corpus.recordings[$0].label == label } }
      switch self {
      case .byEmotion: return try FoldEvaluation.int8(model, corpus: corpus, recordings: byLabel.flatMap { $0 })
      case .oneEmotion:
        return try byLabel.flatMap { try FoldEvaluation.int8(model, corpus: corpus, recordings: $0) }
      case .alone:
        return try recordings.flatMap { try FoldEvaluation.int8(model, corpus: corpus, recordings: [$0]) }
      }
    }
  }

  /// Tries all finished folds below a run folder. The noise of a recording depends on its place in the corpus alone.
  package init(runFolder: String, corpus: Corpus, report: @escaping @Sendable (String) -> Void) throws {
    let experiment = try Self.experiment(in: runFolder)
    try experiment.check(corpus, of: runFolder)
    guard let evaluation = EvaluationProtocol(name: experiment.evaluationProtocol) else {
      throw TrainingError(
        "\(runFolder) has the protocol \"\(experiment.evaluationProtocol)\", whose folds are not known", kind: .usage,
        advice: "use the sertrain that made it")
    }
    let all = Self.jobs(in: runFolder, folds: evaluation.headline(evaluation.folds(of: corpus), of: corpus))
    let jobs = all.filter { FileManager.default.fileExists(atPath: $0.model) }
    guard !jobs.isEmpty else {
      throw TrainingError("no fold of \(runFolder) is finished", kind: .noInput, advice: "finish the crossval first")
    }
    unfinished = all.filter { job in !jobs.contains { $0.model == job.model } }.map {
      "\($0.seed) fold \($0.fold.name)"
    }
    let results = Mutex<[Int: Result<[[Decision]], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      let result = Result { try Self.decisions(of: jobs[index].fold, model: jobs[index].model, corpus: corpus) }
      results.withLock { $0[index] = result }
      report("\(jobs[index].model): done")
    }
    let byJob = try jobs.indices.map { index in try results.withLock { $0[index]! }.get() }
    self.experiment = experiment
    let adapts = experiment.recipe.frontEnd.adaptation != nil
    let tried = Self.conditions + (adapts ? Self.orders.map { ($0.name, .none) } : [])
    trials = tried.enumerated().map { number, condition in
      Trial(
        condition: condition.name, disturbance: condition.disturbance, decisions: byJob.flatMap { $0[number] })
    }
  }

  /// What a run folder is about.
  package static func experiment(in runFolder: String) throws -> Experiment {
    guard let data = FileManager.default.contents(atPath: runFolder + "/run.json"),
      let experiment = try? JSONDecoder().decode(Experiment.self, from: data)
    else {
      throw TrainingError(
        "there is no run in \(runFolder)", kind: .noInput, advice: "give the folder of a finished crossval")
    }
    return experiment
  }

  private static func jobs(in runFolder: String, folds: [Fold]) -> [(seed: String, fold: Fold, model: String)] {
    let seeds = ((try? FileManager.default.contentsOfDirectory(atPath: runFolder)) ?? []).filter {
      $0.hasPrefix("seed-")
    }
    return seeds.sorted().flatMap { seed in
      folds.map { fold in
        let file = "\(runFolder)/\(seed)/fold-\(RunFolder.fileName(fold.name))/int8.safetensors"
        return (seed: seed.replacing("-", with: " "), fold: fold, model: file)
      }
    }
  }

  private static func decisions(of fold: Fold, model: String, corpus: Corpus) throws -> [[Decision]] {
    let quantised = try QuantisedModel(parsing: ModelFile.bytes(path: model))
    let network = quantised.makeClassifier()
    var speakers = conditions.map { _ in HeardSpeakers(frontEnd: quantised.description.frontEnd) }
    var result = Array(repeating: [Decision](), count: conditions.count)
    for index in fold.test {
      let recording = corpus.recordings[index]
      let samples = try recording.samples()
      for (number, condition) in conditions.enumerated() {
        var generator = SeededGenerator(seed: 1).derived(UInt64(index))
        let disturbed = condition.disturbance.apply(to: samples, generator: &generator)
        let classifier = FileClassifier(
          classifier: network, adaptation: speakers[number].adaptation(of: recording.speaker))
        let answer = try classifier.classify(SampleSource(disturbed))
        result[number].append(
          Decision(
            recording: recording.name, speaker: recording.speaker, truth: recording.label,
            probabilities: answer.probabilities ?? []))
      }
    }
    if quantised.description.frontEnd.adaptation != nil {
      result += try orders.map { try $0.order.decisions(of: quantised, recordings: fold.test, corpus: corpus) }
    }
    return result
  }

  /// Writes `robustness.json` into the run folder.
  package func write(into runFolder: String) throws {
    try OutputFile.write(StableJSON.data(self), to: runFolder + "/robustness.json")
  }
}
