import SerdAudio
import SerdDetection
import SerdFeatures
import SerdNetwork

/// Classifies a whole recording: windows at the hop, the gate, and one answer for the file.
///
/// The answer is the mean of the probabilities of the windows with speech, each weighted by the square of its share of
/// speech: a window that is half silence says little (RAVDESS, windows of 1 s: UA 48.1 with equal weights, 53.6 so;
/// models/experiments.md). Memory does not grow with the length.
///
/// A recording of less than two windows is a clip, as those of the corpora are, and is treated as in training: digital
/// silence at its ends is trimmed, what is then shorter than a window is placed in one (`ClipPadding`), and a
/// `NoiseFloor` is laid under it. A longer one is treated as live sound: its windows are those that a microphone would
/// have given.
package struct FileClassifier {
  private let classifier: any WindowClassifier
  private let transform: TransformKind
  private let adaptation: (any SpeakerMemory)?
  private let crew: ClassifierCrew?

  /// Classifies with this classifier; its model decides on window and front end.
  ///
  /// - Parameters:
  ///   - adaptation: what recordings of one speaker share, for a model that adapts; nil to begin anew with each.
  ///   - crew: who helps with the windows of a long recording, with the same model; the answer is the same to the bit.
  ///     Nobody can where a speech encoder follows the speaker: there each window depends on the one before.
  package init(
    classifier: any WindowClassifier, transform: TransformKind = .default, adaptation: (any SpeakerMemory)? = nil,
    crew: ClassifierCrew? = nil
  ) {
    self.classifier = classifier
    self.transform = transform
    self.adaptation = adaptation
    self.crew = crew
  }

  /// Reads `source` to its end and calls `onWindow` for every window, in order.
  package func classify(
    _ source: any AudioSource, onWindow: (WindowResult) throws -> Void = { _ in }
  ) throws -> FileResult {
    let description = classifier.description
    var gate = SpeechGate.Settings()
    var summary = Summary(labels: description.labels.count)
    let memory = adaptation ?? classifier.makeMemory()
    let shared = crew.flatMap { SharedWindows(classifier: classifier, memory: memory, crew: $0) }
    func handle(_ window: WindowResult) throws {
      summary.add(window)
      try onWindow(window)
    }
    func take(_ window: WindowResult) throws {
      if let shared { try shared.add(window, deliver: handle) } else { try handle(window) }
    }
    defer { shared?.abandon() }
    // Up to two windows are read ahead: only then is it known whether this is a short clip.
    var chunk = try source.read(2 * description.windowSamples)
    var sampleCount = chunk.count
    if chunk.count < 2 * description.windowSamples {
      let sound = ClipPadding.centred(ClipPadding.trimmed(chunk))
      // Of a short clip, the share of speech in what there is counts, not in the padding; but a click is no speech.
      let share = gate.minimumOpenShare * min(1, Double(sound.count) / Double(description.windowSamples))
      gate.minimumOpenShare = max(share, Self.leastSpeechSeconds / description.windowSeconds)
      chunk = Self.clip(sound, atLeast: description.windowSamples)
    }
    let pipeline = WindowPipeline(
      classifier: shared?.collector ?? classifier, transform: transform, gate: gate, adaptation: memory)
    while !chunk.isEmpty {
      try chunk.withUnsafeBufferPointer { try pipeline.push($0, onWindow: take) }
      chunk = try source.read(description.frontEnd.sampleRate)
      sampleCount += chunk.count
    }
    try pipeline.finish(onWindow: take)
    try shared?.finish(deliver: handle)
    return summary.result(duration: Double(sampleCount) / Double(description.frontEnd.sampleRate))
  }

  /// A single impulse is heard in the four frames that contain it; more than that must be.
  private static let leastSpeechSeconds = 0.12

  /// A clip as the network was trained on such: centred in a window if it is shorter, over a noise floor.
  private static func clip(_ trimmed: ArraySlice<Float>, atLeast windowSamples: Int) -> [Float] {
    var clip = trimmed.count < windowSamples ? ClipPadding.placed(trimmed, in: windowSamples) : Array(trimmed)
    var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
    floor.lay(under: &clip)
    return clip
  }

  private struct Summary {
    var sums: [Float]
    var weight: Float = 0
    var windows = 0
    var speechWindows = 0
    init(labels: Int) { sums = Array(repeating: 0, count: labels) }

    mutating func add(_ window: WindowResult) {
      windows += 1
      guard let probabilities = window.probabilities else { return }
      speechWindows += 1
      let share = Float(window.openShare * window.openShare)
      weight += share
      for i in sums.indices { sums[i] += share * probabilities[i] }
    }

    func result(duration: Double) -> FileResult {
      let probabilities = weight == 0 ? nil : sums.map { $0 / weight }
      return FileResult(
        duration: duration, windows: windows, speechWindows: speechWindows, probabilities: probabilities)
    }
  }
}

/// One answer for a recording.
package struct FileResult: Equatable, Sendable {
  /// In seconds.
  package let duration: Double
  /// Windows looked at.
  package let windows: Int
  /// Windows with enough speech to be classified.
  package let speechWindows: Int
  /// Mean over the windows with speech, weighted by how much of it there is, one per label; nil if there was no speech.
  package let probabilities: [Float]?

  /// An answer.
  package init(duration: Double, windows: Int, speechWindows: Int, probabilities: [Float]?) {
    self.duration = duration
    self.windows = windows
    self.speechWindows = speechWindows
    self.probabilities = probabilities
  }

  /// Index of the likeliest label, nil if there was no speech.
  package var best: Int? { probabilities.flatMap { p in p.indices.max { p[$0] < p[$1] } } }
}
