import Foundation
import SerdCorpora
import SerdNetwork
import SerdTestKit
import SerdTraining

/// A training that takes milliseconds: sixteen generated clips of half a second, a narrow network, a third of a second each.
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
    features = try FeatureSet(
      corpus: corpus, frontEnd: Self.recipe.frontEnd, frames: Self.frames, versions: Self.recipe.versions, seed: 1)
  }

  func trainer(_ recipe: Recipe = Self.recipe, seed: UInt64 = 7, threads: Int = 1) -> FoldTrainer {
    FoldTrainer(
      recipe: recipe, corpus: corpus, features: features, train: Array(corpus.recordings.indices), seed: seed,
      threads: threads)
  }

  static let provenance = Provenance(
    corpora: ["EMO-DB"], terms: "none", recipe: "tiny", seed: 7, revision: "", command: "")

  /// Bytes of the float model that a trainer ends with.
  static func bytes(_ trainer: FoldTrainer) throws -> [UInt8] {
    try trainer.model(name: "tiny", provenance: provenance).serialised()
  }

  /// A cross-validation of this corpus in `path`.
  func crossValidation(
    _ path: String, recipe: Recipe = Self.recipe, folds: [Fold]? = nil, seeds: [UInt64] = [1], jobs: Int = 2
  ) throws -> CrossValidation {
    let experiment = Experiment(corpus: corpus, evaluationProtocol: "loso", recipe: recipe)
    return CrossValidation(
      experiment: experiment, corpus: corpus, features: features,
      folder: try RunFolder(path: path, experiment: experiment), seeds: seeds,
      folds: folds ?? EvaluationProtocol.loso.folds(of: corpus), jobs: jobs, provenance: Self.provenance)
  }
}
