import SerdFeatures
import SerdLearning
import SerdNetwork

/// Trains one network on some recordings of a corpus, by a recipe and a seed; can stop after any epoch and go on from a
/// checkpoint as if nothing had happened, to the bit.
///
/// Sees only the recordings it is given: standardisation and sampling know those of `data` alone. The model is that of
/// the last epoch, or, if `choosing` is given, of the one with the best weighted accuracy there, the latest of several.
package final class Trainer {
  /// How far a training is, after an epoch.
  package struct Progress: Sendable {
    /// Epochs done.
    package let epoch: Int
    /// Epochs of the recipe.
    package let epochs: Int
    /// Mean training loss of the epoch.
    package let loss: Double
    /// At the epoch's last step.
    package let learningRate: Float
    /// Recordings trained on per second.
    package let clipsPerSecond: Double
    /// Measures on the recordings that choose the epoch; nil if none do.
    package let validation: EpochValidation?
  }

  /// What is done.
  package let recipe: Recipe
  /// What is trained on.
  let data: TrainingData
  /// What chooses the epoch; nil if the last one is taken.
  let choosing: TrainingData?
  /// Decides the initial weights and all that is drawn.
  let seed: UInt64
  private let windows: BatchWindows
  private let adjustment: LogitAdjustment?
  let heads: CorpusHeads
  private let targets: TargetDistributions
  private let sampling: ClassSampling
  let network: TrainableNetwork
  var optimiser: Adam
  var average: ExponentialMovingAverage?
  /// The weights of the best epoch so far, where epochs are chosen.
  var best: ChosenEpoch?
  /// Evaluates while the network trains.
  private(set) lazy var judge = makeNetwork()
  var generator: SeededGenerator
  var epoch = 0

  /// - Parameters:
  ///   - choosing: recordings of the same corpus that choose the epoch; nil or none for the last one.
  ///   - seed: decides the initial weights and all that is drawn.
  ///   - start: what the recipe starts from, checked to fit; nil if from nothing.
  package init(
    recipe: Recipe, data: TrainingData, choosing: TrainingData? = nil, seed: UInt64, threads: Int,
    start: StartModel? = nil
  ) {
    precondition(!data.indices.isEmpty, "training needs recordings")
    precondition(recipe.start == start?.sha256, "a recipe that starts from a model needs that model")
    self.recipe = recipe
    self.data = data
    self.choosing = choosing.flatMap { $0.indices.isEmpty ? nil : $0 }
    self.seed = seed
    let labels = data.recordings.map(\.label)
    targets = TargetDistributions(
      corpus: data.corpus, labelSmoothing: recipe.labelSmoothing, listenerDoubt: recipe.listenerDoubt)
    heads = targets.heads
    sampling = recipe.sampling(of: data, labels: labels, classes: heads.classes)
    windows = BatchWindows(recipe: recipe, data: data)
    adjustment = recipe.logitAdjustment.map { strength in
      LogitAdjustment(
        strength: strength,
        occurrences: data.corpus.labels.indices.map { label in labels.count { $0 == label } })
    }
    let root = SeededGenerator(seed: seed)
    var networkSeed = root.derived(1)
    network = TrainableNetwork(
      architecture: recipe.architecture, frames: recipe.windowFrames, coefficients: recipe.frontEnd.coefficients,
      classes: heads.classes, seed: networkSeed.next(), dropout: recipe.dropout, threads: threads)
    if let start { try! network.start(from: start.model) }  // It was checked to fit.
    generator = root.derived(2)
    optimiser = Adam(count: network.parameters.count, weightDecay: recipe.weightDecay)
    average = recipe.averaging.map { ExponentialMovingAverage(of: network, decay: $0) }
  }

  /// Starts from a trained network, whose batch norms stay as they are. With `rounding`, weights and activations are
  /// rounded in every step, to teach it its int8 form. Call it before the first epoch, and on a trainer that is
  /// restored from a checkpoint before that.
  package func goOn(from model: FloatModel, rounding: QuantisedModel.Activations?) throws {
    precondition(data.corpus.besideLabels.isEmpty, "a model has no labels of corpora beside its own")
    try network.load(model)
    adjustment?.apply(to: network, reversed: true)
    network.freezesStatistics = true
    network.fakeQuantisation = rounding.map { FakeQuantisation(activations: $0) }
    average = recipe.averaging.map { ExponentialMovingAverage(of: network, decay: $0) }
  }

  /// Trains the epochs that are left. `onEpoch` is called after each, and may throw to stop.
  package func run(onEpoch: (Progress) throws -> Void) throws {
    while epoch < recipe.epochs {
      let start = ContinuousClock.now
      let loss = try trainEpoch()
      let seconds = Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e9
      try onEpoch(
        Progress(
          epoch: epoch, epochs: recipe.epochs, loss: loss, learningRate: rate(step: optimiser.steps - 1),
          clipsPerSecond: Double(sampling.count) / seconds, validation: try validate(epoch: epoch)))
    }
  }

  /// The trained network: of the chosen epoch if one is chosen, averaged if the recipe says so.
  package func model(name: String, provenance: Provenance) throws -> FloatModel {
    let final = makeNetwork()
    setWeights(of: final)
    if let best {
      final.parameters = best.parameters
      final.runningStatistics = best.runningStatistics
    }
    let description = ModelDescription(
      name: name, architecture: recipe.architecture,
      frontEnd: trainedFrontEnd, windowFrames: recipe.windowFrames,
      labels: data.corpus.labels, provenance: provenance)
    let tensors = heads.own(of: final.export()).mapValues { FloatModel.Tensor(shape: $0.shape, values: $0.values) }
    return try FloatModel(description: description, tensors: tensors)
  }

  /// The front end with what the training recordings have decided.
  var trainedFrontEnd: FrontEndSettings {
    recipe.frontEnd(with: recipe.standardises ? windows.standardisation : nil)
  }

  /// Gives a network the weights of the last epoch, averaged if the recipe says so, its logits adjusted if it does.
  func setWeights(of other: TrainableNetwork) {
    if let average {
      average.apply(to: other)
    } else {
      other.parameters = network.parameters
      other.runningStatistics = network.runningStatistics
    }
    adjustment?.apply(to: other)
  }

  private func makeNetwork() -> TrainableNetwork {
    TrainableNetwork(
      architecture: recipe.architecture, frames: recipe.windowFrames, coefficients: recipe.frontEnd.coefficients,
      classes: heads.classes, seed: 0)
  }

  private var batchesPerEpoch: Int { (sampling.count + recipe.batchSize - 1) / recipe.batchSize }

  private func rate(step: Int) -> Float {
    recipe.schedule.rate(step: step, total: batchesPerEpoch * recipe.epochs, stepsPerEpoch: batchesPerEpoch)
  }

  private func trainEpoch() throws -> Double {
    let order = sampling.order(&generator)
    var lossSum = 0.0
    for batch in 0..<batchesPerEpoch {
      // Batches of nearly equal size: no small last one, whose batch statistics would be noise.
      let range = batch * order.count / batchesPerEpoch..<(batch + 1) * order.count / batchesPerEpoch
      let loss = step(Array(order[range]))
      guard loss.isFinite else {
        throw TrainingError(
          "the loss became \(loss) in epoch \(epoch + 1), batch \(batch + 1)", advice: "lower the learning rate")
      }
      lossSum += loss
    }
    epoch += 1
    return lossSum / Double(batchesPerEpoch)
  }

  /// One optimiser step on some recordings, and the recipe's backgrounds; returns the loss before it.
  private func step(_ recordings: [Int]) -> Double {
    let others = windows.backgrounds(beside: recordings.count)
    let count = recordings.count + others
    var inputs = windows.draw(recordings, backgrounds: others, generator: &generator)
    var targets = recordings.flatMap { self.targets.of(data.corpus.recordings[$0]) }
    var asked = recordings.flatMap { self.targets.asked(data.corpus.recordings[$0]) }
    for _ in 0..<others {
      targets += heads.indifference
      asked += heads.ownOutputs
    }
    recipe.augmentation.mix(&inputs, &targets, &asked, count: count, generator: &generator)
    let clip = recipe.frontEnd.clip
    for i in inputs.indices { inputs[i] = max(-clip, min(clip, inputs[i])) }

    var logits = network.forward(inputs, count: count, training: true)
    heads.mask(&logits, asked: asked)
    let value = recipe.loss.evaluate(logits: logits, targets: targets, classes: heads.classes)
    network.backward(logitGradients: value.logitGradients)
    if let limit = recipe.gradientNorm { network.clipGradients(toNorm: limit) }
    optimiser.step(&network.parameters, gradients: network.gradients, learningRate: rate(step: optimiser.steps))
    average?.update(from: network)
    return value.loss
  }
}
