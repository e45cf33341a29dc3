/// Everything that decides how samples become network input. Stored in the model file, so that a model always meets the
/// front end that it was trained with.
///
/// Pipeline: 16 kHz mono samples in [-1, 1] → constant offset out (`OffsetFilter`) → frames → window → spectrum → mel
/// bands → log → DCT-II → first coefficients (here an "MFCC frame" ends) → gain offset on c0 → standardisation → clip
/// (`InputScaling`).
///
/// The presets differ in two values. A model may carry its own: `standardisation` and `clip` are learned from training
/// speakers.
package struct FrontEndSettings: Codable, Equatable, Sendable {
  /// Analysis window; both are periodic, as `tf.signal` has them.
  package enum Window: String, Codable, Sendable {
    case hann
    case hamming
  }

  /// What the mel bands sum.
  package enum Spectrum: String, Codable, Sendable {
    case magnitude
    case power
  }

  /// The preset that the settings started from.
  package var name: String
  /// In Hz.
  package var sampleRate = 16000
  /// Samples that what is taken for a constant offset is averaged over, and taken out; 0 takes nothing out. nil, as in
  /// model files from before there was one, is `defaultOffsetMemory`.
  package var offsetMemory: Int? = Self.defaultOffsetMemory
  /// Samples per frame, also the FFT length: a power of two from 256 to 8192.
  package var frameLength = 1024
  /// Samples from one frame's start to the next. The report's "64-ms frames with 16ms overlaps" is read as a 16 ms hop,
  /// as the original code has it.
  package var hop = 256
  /// Analysis window.
  package var window: Window
  /// What the mel bands sum.
  package var spectrum = Spectrum.magnitude
  /// Number of triangular mel bands.
  package var melBands = 128
  /// Lower edge of the first mel band, in Hz.
  package var lowHz: Double
  /// Upper edge of the last mel band, in Hz.
  package var highHz = 7600.0
  /// Added to every band before the logarithm.
  package var logFloor: Float = 1e-6
  /// Number of cepstral coefficients kept.
  package var coefficients = 40
  /// How the gain on c0 is found.
  package var level = LevelSettings()
  /// Per-coefficient mean and deviation over the training speakers, or nil for raw coefficients.
  package var standardisation: Standardisation?
  /// How the standardisation follows the speaker; nil if it stays that of the training speakers.
  package var adaptation: SpeakerAdaptation?
  /// The network's input lies in [-clip, clip]; this fixes the int8 input range.
  package var clip: Float = 10

  /// 32 ms: a cut-off frequency of 5 Hz, far below any voice.
  package static let defaultOffsetMemory = 512

  /// The default: Hamming window, 40 to 7600 Hz.
  package static let report = FrontEndSettings(name: "report", window: .hamming, lowHz: 40)

  /// What the original TensorFlow code computes: Hann window, 80 to 7600 Hz.
  package static let paper = FrontEndSettings(name: "paper", window: .hann, lowHz: 80)

  private init(name: String, window: Window, lowHz: Double) {
    self.name = name
    self.window = window
    self.lowHz = lowHz
  }

  /// `offsetMemory`, or what it is if none is named.
  package var offsetSamples: Int { offsetMemory ?? Self.defaultOffsetMemory }

  /// Frames that fit in `samples` samples without padding.
  package func frames(inSamples samples: Int) -> Int {
    samples < frameLength ? 0 : (samples - frameLength) / hop + 1
  }

  /// Samples that `frames` frames span.
  package func samples(inFrames frames: Int) -> Int {
    frames == 0 ? 0 : (frames - 1) * hop + frameLength
  }
}

/// Mean and reciprocal deviation per coefficient, subtracted and multiplied before the clip.
package struct Standardisation: Codable, Equatable, Sendable {
  /// Subtracted, one per coefficient.
  package var mean: [Float]
  /// Multiplied, one per coefficient, positive.
  package var reciprocalDeviation: [Float]
  /// Both vectors have one value per coefficient.
  package init(mean: [Float], reciprocalDeviation: [Float]) {
    self.mean = mean
    self.reciprocalDeviation = reciprocalDeviation
  }
}
