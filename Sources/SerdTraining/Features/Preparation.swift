/// Another way from a recording to a window than serd's own, for recipes that repeat published experiments.
package enum Preparation: String, Codable, Sendable {
  /// As the original TensorFlow code: divided by the 99.9th percentile of |x|, cut off at ±1, zeros on both sides if it
  /// is too short. A model trained so meets runs of exact zeros, which no microphone gives: not for shipping.
  case original

  /// The window of a recording of `samples` samples or fewer; a longer one loses its end.
  package func window(of recording: [Float], samples: Int) -> [Float] {
    switch self {
    case .original:
      let reference = Self.percentile(0.999, of: recording) + Float.leastNormalMagnitude
      let levelled = recording.prefix(samples).map { max(-1, min(1, $0 / reference)) }
      let before = (samples - levelled.count) / 2
      return [Float](repeating: 0, count: before) + levelled
        + [Float](repeating: 0, count: samples - levelled.count - before)
    }
  }

  /// Percentile of |x| with linear interpolation between neighbours, as numpy has it; 0 for no samples.
  package static func percentile(_ share: Double, of samples: [Float]) -> Float {
    guard !samples.isEmpty else { return 0 }
    let sorted = samples.map(abs).sorted()
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + Float(place - Double(below)) * (sorted[above] - sorted[below])
  }
}
