import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork

/// A training recipe as data: everything but the corpus, the speakers and the seed. Same recipe, data and seed give the
/// same model on the same machine, to the bit.
package struct Recipe: Codable, Equatable, Sendable {
  /// What `--recipe` takes.
  package var name: String
  /// One line: what it is for.
  package var purpose: String
  /// The network.
  package var architecture = NetworkArchitecture.paper
  /// The front end, without the standardisation that each fold learns.
  package var frontEnd = FrontEndSettings.report
  /// Whether coefficients are standardised over the training speakers.
  package var standardises = true
  /// Frames per window: 122 for 2 s.
  package var windowFrames = 122
  /// Passes over the training recordings; fixed, so that no test speaker decides when to stop.
  package var epochs = 60
  /// Recordings per optimiser step.
  package var batchSize = 32
  /// Learning rate over the steps.
  package var schedule = LearningRateSchedule.oneCycle(peak: 2e-3, warmUp: 0.15)
  /// How weights decay.
  package var weightDecay = Adam.WeightDecay.decoupled(0.02)
  /// What is minimised.
  package var loss = Loss.crossEntropy
  /// Share of the target that goes to all classes alike.
  package var labelSmoothing: Float = 0
  /// How much of the listeners' doubt goes into the target: with 1, a clip that 80 % recognised has 0.8 on its label.
  package var listenerDoubt: Float = 0
  /// Share of pooled channels dropped in training.
  package var dropout: Float = 0.3
  /// Sampling weight of a class is occurrences to the power of minus this: 0 as they come, 1 all classes alike.
  package var classBalance = 0.0
  /// Whether recordings are drawn so that every corpus, in it every label, and in that every speaker comes as often:
  /// nothing is to be learned from which corpus has most of what. In place of `classBalance`; nil for no.
  package var balancesCorpora: Bool?
  /// Recordings of an epoch where they are drawn so; nil for as many as there are.
  package var epochRecordings: Int?
  /// Share of the classes' occurrences that is taken out of the finished network's logits (`LogitAdjustment`), nil for
  /// none: with 1 - `classBalance` no emotion is likelier than another before anything is heard.
  package var logitAdjustment: Double?
  /// Limit of the gradient's norm; nil for none.
  package var gradientNorm: Double?
  /// Weight of the past in the average of the weights that is evaluated and shipped; nil for the last weights.
  package var averaging: Float?
  /// Augmentation that needs samples.
  package var versions = ClipVersions()
  /// Augmentation on features.
  package var augmentation = Augmentation()
  /// How recordings are cut before all else; nil for whole ones, of which the loudest window is used.
  package var cutting: Cutting?
  /// How a recording becomes a window; nil for serd's own way.
  package var preparation: Preparation?
  /// SHA-256 of the float model file whose weights, but for those of the last layer, training starts from; nil for
  /// random ones.
  package var start: String?
  /// A head on a pretrained encoder, in place of a Light-SERNet: of the settings above, those of batches, epochs and
  /// versions then say nothing.
  package var head: HeadRecipe?
  /// The published experiment that the recipe repeats, if it does.
  package var published: PublishedExperiment?

  /// The values that the properties start with.
  package init(name: String, purpose: String) {
    self.name = name
    self.purpose = purpose
  }

  /// Whether its models follow their speaker.
  package var follows: Bool { frontEnd.adaptation != nil || head?.following != nil }

  /// What the features of a corpus are computed by.
  package var features: FeatureSettings {
    var settings = FeatureSettings(frontEnd: frontEnd, frames: windowFrames)
    settings.versions = versions
    settings.preparation = preparation
    return settings
  }

  /// The front end with the standardisation of one fold's training speakers.
  func frontEnd(with standardisation: Standardisation?) -> FrontEndSettings {
    var settings = frontEnd
    settings.standardisation = standardisation
    return settings
  }
}
