import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTraining
import Testing

@Suite struct BackgroundSoundTests {
  /// What the default model's card says of its recipe.
  @Test("The recipe rooms leaves four in ten versions undisturbed, and one sample in nine is background")
  func theRecipeRoomsLeavesFourInTenVersionsUndisturbed() throws {
    let recipe = Recipe.rooms
    let room = try #require(recipe.versions.room)
    let clean =
      (1 - room.noiseShare) * (1 - room.reverberationShare) * (1 - room.bandShare) * (1 - recipe.versions.noisyShare)
    #expect(abs(clean - 0.43) < 0.01 && recipe.versions.count == 25)
    #expect(recipe.augmentation.backgrounds?.count(beside: recipe.batchSize) == 4, "one sample in nine")
  }

  @Test("Every kind of background is a sound of the length that was asked for")
  func everyKindIsASoundOfItsLength() {
    var generator = SeededGenerator(seed: 1)
    for kind in BackgroundSound.allCases {
      let sound = kind.samples(8000, &generator)
      #expect(sound.count == 8000 && sound.allSatisfy { $0.isFinite })
      #expect(Disturbance.meanSquare(sound[...]) > 1e-8, "\(kind)")
    }
  }

  @Test("Backgrounds that are drawn are between -45 and -15 dBFS")
  func drawnSoundsHaveALevelOfARoom() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<50 {
      let sound = BackgroundSound.draw(samples: 4000, generator: &generator)
      let level = decibels(ofMeanSquare: Disturbance.meanSquare(sound[...]))
      #expect((-45.1 ... -14.9).contains(level))
    }
  }

  @Test("Background windows are the same every time, and no two of them are alike")
  func theWindowsAreTheSameEveryTimeAndDiffer() {
    func windows() -> [[Float]] {
      var settings = BackgroundSounds()
      settings.variety = 20
      let made = BackgroundWindows(of: settings, settings: FeatureSettings(frontEnd: .report, frames: 21))
      return (0..<20).map { made.withWindow($0) { Array(UnsafeBufferPointer(start: $0, count: 21 * 40)) } }
    }
    let first = windows()
    #expect(first == windows() && Set(first).count == 20)
    #expect(first.joined().allSatisfy { $0.isFinite })
  }

  /// Trained with backgrounds, a network says less of other noises than without, and more of speech than of those.
  @Test("Trained with backgrounds, a network is less sure of noise than without them and than of speech")
  func aNetworkLearnsToSayNothing() throws {
    let training = try TinyTraining()
    var plain = TinyTraining.recipe
    plain.epochs = 30
    plain.labelSmoothing = 0
    plain.augmentation.mixup = 0
    plain.augmentation.backgrounds = nil
    var taught = plain
    taught.augmentation.backgrounds = BackgroundSounds()
    taught.augmentation.backgrounds!.share = 0.5
    taught.augmentation.backgrounds!.variety = 100
    func confidence(_ recipe: Recipe) throws -> (noise: Float, speech: Float) {
      let trainer = training.trainer(recipe)
      try trainer.run { _ in }
      let model = try trainer.model(name: "", provenance: TinyTraining.provenance)
      let network = try TrainableNetwork(model)
      func mean(_ windows: [Float], _ count: Int) -> Float {
        let logits = network.forward(windows, count: count, training: false)
        let classes = training.corpus.labels.count
        return (0..<count).reduce(Float(0)) { sum, index in
          var probabilities = Array(logits[index * classes..<(index + 1) * classes])
          Softmax.apply(&probabilities, temperature: 1)
          return sum + probabilities.max()! / Float(count)
        }
      }
      var generator = SeededGenerator(seed: 99)  // Other sounds than those of the training.
      let scaling = InputScaling(settings: model.description.frontEnd)
      let noises = (0..<40).flatMap { _ -> [Float] in
        let sound = BackgroundSound.draw(
          samples: recipe.frontEnd.samples(inFrames: TinyTraining.frames), generator: &generator)
        var frames = recipe.features.mfcc(of: sound)
        frames.withUnsafeMutableBufferPointer {
          for frame in 0..<TinyTraining.frames {
            scaling.apply($0.baseAddress! + frame * 40, gainStep: 0, into: $0.baseAddress! + frame * 40)
          }
        }
        return frames
      }
      let speech = training.data.scaledWindows(for: model.description.frontEnd)
      return (mean(noises, 40), mean(speech, training.corpus.recordings.count))
    }
    let (without, with) = (try confidence(plain), try confidence(taught))
    #expect(with.noise < without.noise - 0.1, "\(without) \(with)")
    #expect(with.speech > with.noise + 0.1, "\(without) \(with)")
  }
}
