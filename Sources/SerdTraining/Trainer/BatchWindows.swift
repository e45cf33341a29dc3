import SerdFeatures
import SerdLearning

/// The windows of a training's batches: of recordings, each in an augmented version and augmented anew every time, and
/// of backgrounds.
struct BatchWindows {
  /// Over the training recordings, or none if the recipe standardises nothing.
  let standardisation: Standardisation
  private let recipe: Recipe
  private let data: TrainingData
  private let speakers: SpeakerSampling?
  private let voices: SpeakerVoices?
  private let backgrounds: BackgroundWindows?

  init(recipe: Recipe, data: TrainingData) {
    self.recipe = recipe
    self.data = data
    let coefficients = recipe.frontEnd.coefficients
    let standardisation =
      recipe.standardises
      ? data.standardisation
      : Standardisation(
        mean: Array(repeating: 0, count: coefficients), reciprocalDeviation: Array(repeating: 1, count: coefficients))
    self.standardisation = standardisation
    speakers = recipe.frontEnd.adaptation.map {
      SpeakerSampling(
        data: data, prior: standardisation, adaptation: $0, oneEmotionShare: recipe.augmentation.oneEmotionShare ?? 0)
    }
    voices = recipe.augmentation.speakerTransfer.map {
      SpeakerVoices(data: data, prior: standardisation, settings: $0)
    }
    backgrounds = recipe.augmentation.backgrounds.map { BackgroundWindows(of: $0, settings: recipe.features) }
  }

  /// How many backgrounds a batch has beside its recordings.
  func backgrounds(beside recordings: Int) -> Int {
    recipe.augmentation.backgrounds?.count(beside: recordings) ?? 0
  }

  /// Augmented windows of some recordings, then of some backgrounds; not clipped yet.
  func draw(_ recordings: [Int], backgrounds others: Int, generator: inout SeededGenerator) -> [Float] {
    let features = data.features
    var inputs = [Float](repeating: 0, count: (recordings.count + others) * features.windowSize)
    inputs.withUnsafeMutableBufferPointer { inputs in
      func write(_ window: UnsafePointer<Float>, to index: Int, _ standardisation: Standardisation) {
        recipe.augmentation.write(
          window, into: inputs.baseAddress! + index * features.windowSize, frames: features.frames,
          settings: recipe.frontEnd, standardisation: standardisation, generator: &generator)
      }
      for (index, recording) in recordings.enumerated() {
        let version = features.versions > 1 ? Int.random(in: 0..<features.versions, using: &generator) : 0
        let standardisation =
          speakers?.standardisation(recording: recording, version: version, generator: &generator)
          ?? voices?.standardisation(recording: recording, generator: &generator) ?? standardisation
        features.withWindow(recording: recording, version: version) { write($0, to: index, standardisation) }
      }
      for index in recordings.count..<recordings.count + others {
        let drawn = Int.random(in: 0..<backgrounds!.count, using: &generator)
        // A model that follows its speaker hears them after somebody has spoken.
        let speaker = speakers.map { _ in data.indices[Int.random(in: data.indices.indices, using: &generator)] }
        let standardisation =
          speaker.map { speakers!.standardisation(recording: $0, version: 0, generator: &generator) } ?? standardisation
        backgrounds!.withWindow(drawn) { write($0, to: index, standardisation) }
      }
    }
    return inputs
  }
}
