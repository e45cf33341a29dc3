import SerdFeatures

extension TrainingData {
  /// The windows that `serd --once` classifies, as network input: standardised and clipped, one after the other;
  /// adapted, if the front end does, to what was heard of the speaker so far.
  package func scaledWindows(for frontEnd: FrontEndSettings) -> [Float] {
    var speakers = HeardSpeakers { RunningStandardisation(settings: frontEnd) }
    let scaling = InputScaling(settings: frontEnd)
    var result = [Float](repeating: 0, count: indices.count * features.windowSize)
    result.withUnsafeMutableBufferPointer { result in
      for (place, index) in indices.enumerated() {
        features.withWindow(recording: index, version: features.evaluationVersion) { window in
          // The features have their gain on c0 already.
          let whole = FeatureWindow(
            firstFrame: 0, frameCount: features.frames, coefficientCount: frontEnd.coefficients, coefficients: window,
            level: 0, gainStep: 0)
          let adaptation = speakers.adaptation(of: corpus.recordings[index].speaker)
          let adapted = adaptation?.hear(whole, newest: features.frames).standardisation
          for frame in 0..<features.frames {
            let offset = frame * frontEnd.coefficients
            scaling.apply(
              window + offset, gainStep: 0, adapted: adapted,
              into: result.baseAddress! + place * features.windowSize + offset)
          }
        }
      }
    }
    return result
  }

  /// About how many windows the int8 ranges are taken from.
  private static let calibrationWindows = 256

  /// Scaled windows of its own recordings that the int8 ranges are taken from: of many recordings `calibrationWindows`
  /// to twice as many, spread evenly; of fewer, all.
  package func calibrationInputs(for frontEnd: FrontEndSettings) -> [Float] {
    let all = own.indices
    let step = max(1, all.count / Self.calibrationWindows)
    return at(all.indices.filter { $0 % step == 0 }.map { all[$0] }).scaledWindows(for: frontEnd)
  }
}
