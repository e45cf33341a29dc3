import Foundation
import SerdCorpora
import SerdNetwork
import SerdTestKit
import SerdTraining

/// A training that takes milliseconds: sixteen generated clips of half a second, a narrow network, a third of a second
/// each.
struct TinyTraining {
  /// Held, since the folder goes with it.
  private let scratch: ScratchFolder
  let corpus: Corpus
  let features: FeatureSet

  static let frames = 21

  /// Everything that a recipe can do, turned on, so that the tests of determinism cover it.
  static let recipe: Recipe = {
    var recipe = Recipe(name: "tiny", purpose: "tests")
    recipe.architecture = TestModels.narrow(.prelu)
    recipe.windowFrames = frames
    recipe.epochs = 4
    recipe.batchSize = 5
    recipe.labelSmoothing = 0.1
    recipe.classBalance = 0.5
    recipe.gradientNorm = 5
    recipe.averaging = 0.8
    recipe.versions = ClipVersions(speeds: [0.95, 1], vocalTractWarps: [1.05], noiseFloor: 40...50, noisyShare: 0.3)
    recipe.augmentation.gainJitter = 6
    recipe.augmentation.tilt = 0.1
    recipe.augmentation.noise = 0.05
    recipe.augmentation.roll = 3
    recipe.augmentation.timeMasks = 1
    recipe.augmentation.timeMaskFrames = 4
    recipe.augmentation.coefficientMasks = 1
    recipe.augmentation.coefficientMaskWidth = 4
    recipe.augmentation.mixup = 0.3
    recipe.augmentation.backgrounds = BackgroundSounds()
    recipe.augmentation.backgrounds!.variety = 6
    return recipe
  }()

  init(speakers: [String] = ["03", "08", "09", "10"]) throws {
    scratch = try ScratchFolder()
    try SyntheticCorpus.writeEMODB(into: scratch.path, speakers: speakers, letters: "WF", sentences: 2, seconds: 0.5)
    corpus = try EMODB.read(folder: scratch.path)
    features = try FeatureSet(of: corpus, settings: Self.recipe.features)
  }

  /// All recordings.
  var data: TrainingData { TrainingData(corpus: corpus, features: features) }

  /// A training on some recordings, or all.
  func trainer(
    _ recipe: Recipe = Self.recipe, on train: [Int]? = nil, choosing: [Int] = [], seed: UInt64 = 7, threads: Int = 1
  ) -> Trainer {
    Trainer(
      recipe: recipe, data: train.map { data.at($0) } ?? data, choosing: data.at(choosing), seed: seed, threads: threads
    )
  }

  static let provenance = Provenance(
    corpora: ["EMO-DB"], terms: "none", recipe: "tiny", seed: 7, revision: "", command: "")

  /// Bytes of the float model that a trainer ends with.
  static func bytes(_ trainer: Trainer) throws -> [UInt8] {
    try trainer.model(name: "tiny", provenance: provenance).serialised()
  }

  /// A cross-validation of this corpus in `path`.
  func crossValidation(
    _ path: String, recipe: Recipe = Self.recipe, folds: [Fold]? = nil, seeds: [UInt64] = [1], jobs: Int = 2
  ) throws -> TinyRun {
    try run(path, by: .loso, recipe: recipe, folds: folds, seeds: seeds, jobs: jobs)
  }

  /// The same by any protocol.
  func run(
    _ path: String, by evaluation: EvaluationProtocol, recipe: Recipe = Self.recipe, folds: [Fold]? = nil,
    seeds: [UInt64] = [1], jobs: Int = 1
  ) throws -> TinyRun {
    let experiment = Experiment(corpus: corpus, testedBy: .folds(evaluation), recipe: recipe)
    return TinyRun(
      validation: CrossValidation(
        folder: try RunFolder(path: path, experiment: experiment), corpus: corpus, seeds: seeds,
        folds: folds ?? evaluation.folds(of: corpus), provenance: Self.provenance),
      features: features, jobs: jobs)
  }
}

/// A cross-validation with its features.
struct TinyRun {
  let validation: CrossValidation
  let features: FeatureSet
  let jobs: Int

  func run(report: @escaping @Sendable (String) -> Void) throws -> [FoldResult] {
    try validation.run(on: features, jobs: jobs, report: report)
  }
}
