import SerdDetection
import SerdEncoder
import SerdFeatures
import SerdNetwork

/// The path from samples to probabilities: features → speech gate → classifier, one window per hop. Files, live audio
/// and sertrain's evaluation go through this one path, so what is evaluated is what runs.
///
/// Allocates nothing but in `init` and `restart`, as long as nobody keeps a result beyond the call that lends it. Not
/// safe to share between threads. Not here: where samples come from, and what is made of the results.
package final class WindowPipeline {
  private let classifier: any WindowClassifier
  private let stream: GatedStream
  /// The encoder's front end; nil for a model without one.
  private let logMel: LogMelStream?
  private var share: OpenShare
  private let novelty: Novelty?
  /// What is known of the speaker; nil if the model follows nobody.
  package let speaker: (any SpeakerMemory)?
  /// Frame count of the stream up to which speech was heard by the adaptation.
  private var heardTo = 0
  private let c0OffsetPerStep: Float
  private let hopFrames: Int
  private var probabilities: [Float]
  /// Frame count of the stream at which the last window ended.
  private var lastEnd = 0
  /// What the stream's frame indices are raised by: frames from before the last restart, and a break.
  private var firstFrame = 0

  /// A pipeline at the start of a stream.
  ///
  /// - Parameter adaptation: what is known of the speaker from earlier streams, for a model that adapts; it is moved
  ///   on.
  package init(
    classifier: any WindowClassifier, transform: TransformKind = .default,
    gate: SpeechGate.Settings = SpeechGate.Settings(), hopFrames: Int? = nil,
    adaptation: (any SpeakerMemory)? = nil
  ) {
    let description = classifier.description
    self.classifier = classifier
    self.hopFrames = hopFrames ?? description.hopFrames
    let mfcc = MFCC(settings: description.frontEnd, transform: transform)
    logMel =
      description.hasEncoder ? LogMelStream(windowSamples: description.windowSamples, transform: transform) : nil
    stream = GatedStream(mfcc: mfcc, windowFrames: description.windowFrames, gate: gate, listener: logMel)
    share = OpenShare(frames: description.windowFrames)
    let frontEnd = description.frontEnd
    novelty = frontEnd.standardisation.map { Novelty(mean: $0.mean, reciprocalDeviation: $0.reciprocalDeviation) }
    speaker = adaptation ?? classifier.makeMemory()
    c0OffsetPerStep = InputScaling.c0Offset(decibels: frontEnd.level.stepSize, settings: frontEnd)
    probabilities = Array(repeating: 0, count: description.labels.count)
  }

  /// Seconds of sound per hop.
  package var hopSeconds: Double { Double(hopFrames) * secondsPerFrame }

  /// The constant offset of the samples, as a share of full scale; it is taken out.
  package var offset: Float { stream.offset }

  /// Starts a new stream, because sound is missing: no window will reach across. The gate keeps what it knows of the
  /// room, and a model that adapts what it knows of the speaker.
  package func restart() {
    // Frame indices go on beyond any window, so that a classifier that reuses earlier windows finds none that overlaps.
    firstFrame += frames.frameCount + 2 * frames.windowFrames
    stream.restart()
    logMel?.restart()
    share = OpenShare(frames: frames.windowFrames)
    lastEnd = 0
    heardTo = 0
  }

  /// Seconds of speech that the speaker is known by; nil if the model follows nobody.
  package var speakerSeconds: Double? {
    speaker.map { $0.heard * (classifier.description.hasEncoder ? hopSeconds : secondsPerFrame) }
  }

  /// Uses other gate settings from the next frame on.
  package func apply(gate settings: SpeechGate.Settings) { stream.gateSettings = settings }

  /// Takes the next samples (16 kHz, mono) and calls `onWindow` for each window that they complete.
  package func push(_ samples: UnsafeBufferPointer<Float>, onWindow: (WindowResult) throws -> Void) rethrows {
    try stream.push(samples) { _, isOpen in
      share.push(isOpen)
      guard frames.hasWindow, (frames.frameCount - frames.windowFrames) % hopFrames == 0 else { return }
      try onWindow(result())
    }
  }

  /// The window that ends with the last frame, unless it was seen already: for the tail of a file, shorter than a hop.
  package func finish(onWindow: (WindowResult) throws -> Void) rethrows {
    guard frames.hasWindow, frames.frameCount > lastEnd else { return }
    try onWindow(result())
  }

  private var frames: FeatureStream { stream.frames }
  private var secondsPerFrame: Double { Double(frames.settings.hop) / Double(frames.settings.sampleRate) }

  private func result() -> WindowResult {
    lastEnd = frames.frameCount
    let start = Double(frames.frameCount - frames.windowFrames) * secondsPerFrame
    guard share.value >= stream.gateSettings.minimumOpenShare else {
      return WindowResult(
        start: start, openShare: share.value, level: frames.measureLevel(), novelty: nil, probabilities: nil)
    }
    var window = frames.window(firstFrame: firstFrame)
    window.logMel = logMel?.window
    let newest = min(window.frameCount, frames.frameCount - heardTo)
    heardTo = frames.frameCount
    classifier.classify(speaker?.hear(window, newest: newest) ?? window, into: &probabilities)
    let novelty = novelty?.of(
      window.coefficients, frames: window.frameCount, c0Offset: Float(window.gainStep) * c0OffsetPerStep)
    return WindowResult(
      start: start, openShare: share.value, level: window.level, novelty: novelty, probabilities: probabilities)
  }
}

/// What the pipeline says of one window.
package struct WindowResult: Equatable, Sendable {
  /// Seconds from the start of the stream to the window's start.
  package let start: Double
  /// Share of the window's frames in which the speech gate was open.
  package let openShare: Double
  /// Level of the window's loudest parts, in dBFS.
  package let level: Float
  /// How far the window is from the training speech (`Novelty`); nil when there is too little speech, or the model has
  /// no statistics.
  package let novelty: Float?
  /// One per label; nil when there is too little speech to classify.
  package let probabilities: [Float]?

  /// A window.
  package init(start: Double, openShare: Double, level: Float, novelty: Float?, probabilities: [Float]?) {
    self.start = start
    self.openShare = openShare
    self.level = level
    self.novelty = novelty
    self.probabilities = probabilities
  }
}
