/// The standardisation of a vector per window that follows who speaks: from the training speakers' to that of the
/// speech heard so far, this window's included, never what comes later. For models with a speech encoder, whose vectors
/// are what it pooled.
///
/// As `RunningStandardisation`, it cannot tell a speaker who is always sad from a sad voice; the training speakers'
/// statistics hold against that. Not safe to share between threads; no allocation after `init`.
package final class FollowedSpeaker: SpeakerMemory, VectorFollower {
  private let prior: Standardisation
  private let settings: SpeakerFollowing
  /// Windows that were heard, less what was forgotten.
  private(set) var windows = 0.0
  private var sums: [Double]
  private var squares: [Double]
  /// Means, then reciprocal deviations.
  private let values: UnsafeMutablePointer<Float>
  private var width: Int { sums.count }

  /// Of a speaker of whom nothing was heard.
  package init(prior: Standardisation, settings: SpeakerFollowing) {
    (self.prior, self.settings) = (prior, settings)
    sums = Array(repeating: 0, count: prior.mean.count)
    squares = sums
    values = .allocate(capacity: 2 * prior.mean.count)
    values.initialize(repeating: 0, count: 2 * prior.mean.count)
  }

  deinit { values.deallocate() }

  package func hear(_ window: FeatureWindow, newest: Int) -> FeatureWindow {
    var followed = window
    followed.speaker = self
    return followed
  }

  package func hear(_ vector: UnsafePointer<Float>) -> UnsafePointer<Float> {
    if windows >= Double(2 * settings.memoryWindows) { fade() }
    windows += 1
    let weight = Double(settings.priorWindows)
    let total = 1 / (weight + windows)
    for i in 0..<width {
      let value = Double(vector[i])
      sums[i] += value
      squares[i] += value * value
      let (priorMean, priorDeviation) = (Double(prior.mean[i]), 1 / Double(prior.reciprocalDeviation[i]))
      let mean = (weight * priorMean + sums[i]) * total
      let square = (weight * (priorMean * priorMean + priorDeviation * priorDeviation) + squares[i]) * total
      values[i] = Float(mean)
      values[width + i] = Float(1 / max(1e-10, square - mean * mean).squareRoot())
    }
    return UnsafePointer(values)
  }

  package var heard: Double { windows }

  package var record: SpeakerRecord { SpeakerRecord(count: windows, sums: sums, squares: squares) }

  package func restore(_ record: SpeakerRecord) -> Bool {
    if record == .nothing { return restore(SpeakerRecord(count: 0, sums: zeros, squares: zeros)) }
    guard record.fits(width: width) else { return false }
    (windows, sums, squares) = (record.count, record.sums, record.squares)
    return true
  }

  private var zeros: [Double] { Array(repeating: 0, count: width) }

  /// Lets everything count half.
  private func fade() {
    windows /= 2
    for i in 0..<width {
      sums[i] /= 2
      squares[i] /= 2
    }
  }
}

/// That a head follows the speaker, and how fast (`FollowedSpeaker`).
package struct SpeakerFollowing: Codable, Equatable, Sendable {
  /// So many windows of speech weigh as much as what is known of the training speakers.
  package var priorWindows = 10
  /// After so many windows of speech what was heard before counts half: 2 minutes.
  package var memoryWindows = 250

  /// The values that the properties start with.
  package init() {}

  /// What is wrong with these values, or nil.
  package func defect() -> String? {
    (1...1_000_000).contains(priorWindows) && (1...1_000_000).contains(memoryWindows)
      ? nil : "following with \(priorWindows) and \(memoryWindows) windows"
  }
}
