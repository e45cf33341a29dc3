/// Sums over the speech frames of someone, from which their standardisation follows. Without labels: nobody has to say
/// anything.
///
/// A frame counts if its c0 is within the front end's speech range of the loudest frame of its window, so that pauses
/// and padding do not.
package struct SpeakerStatistics: Sendable {
  /// Frames that counted, less what was forgotten.
  package private(set) var frames = 0.0
  private var sums: [Double]
  private var squares: [Double]
  private let c0Range: Float

  /// Of nothing yet.
  package init(settings: FrontEndSettings) {
    sums = Array(repeating: 0, count: settings.coefficients)
    squares = sums
    c0Range = InputScaling.c0Offset(decibels: settings.level.speechRange, settings: settings)
  }

  /// Adds the speech among the last `newest` frames of a window; all of its frames say how loud the loudest is. No
  /// allocation.
  ///
  /// - Parameter c0Offset: of the window's gain.
  package mutating func add(
    _ coefficients: UnsafePointer<Float>, frameCount: Int, newest: Int, c0Offset: Float
  ) {
    let width = sums.count
    var loudest = -Float.infinity
    for frame in 0..<frameCount { loudest = max(loudest, coefficients[frame * width]) }
    for frame in frameCount - newest..<frameCount {
      let values = coefficients + frame * width
      guard values[0] >= loudest - c0Range else { continue }
      frames += 1
      for k in 0..<width {
        let value = Double(k == 0 ? values[0] + c0Offset : values[k])
        sums[k] += value
        squares[k] += value * value
      }
    }
  }

  /// Adds what someone else has summed, of the same speaker.
  package mutating func add(_ other: SpeakerStatistics) {
    frames += other.frames
    for k in sums.indices {
      sums[k] += other.sums[k]
      squares[k] += other.squares[k]
    }
  }

  /// All of it.
  package var record: SpeakerRecord { SpeakerRecord(count: frames, sums: sums, squares: squares) }

  /// Goes on with what was kept; false if it is of another model.
  package mutating func restore(_ record: SpeakerRecord) -> Bool {
    let zeros = Array(repeating: 0.0, count: sums.count)
    let record = record == .nothing ? SpeakerRecord(count: 0, sums: zeros, squares: zeros) : record
    guard record.fits(width: sums.count) else { return false }
    (frames, sums, squares) = (record.count, record.sums, record.squares)
    return true
  }

  /// Lets everything count half.
  package mutating func fade() {
    frames /= 2
    for k in sums.indices {
      sums[k] /= 2
      squares[k] /= 2
    }
  }

  /// Writes means, then reciprocal deviations: those of the frames here and of `weight` frames that have the prior's.
  /// No allocation.
  package func write(prior: Standardisation, weight: Int, into output: UnsafeMutablePointer<Float>) {
    let (width, priorFrames) = (sums.count, Double(weight))
    for k in 0..<width {
      let (priorMean, priorDeviation) = (Double(prior.mean[k]), 1 / Double(prior.reciprocalDeviation[k]))
      let priorSquare = priorMean * priorMean + priorDeviation * priorDeviation
      let mean = (priorFrames * priorMean + sums[k]) / (priorFrames + frames)
      let square = (priorFrames * priorSquare + squares[k]) / (priorFrames + frames)
      output[k] = Float(mean)
      output[width + k] = Float(1 / max(1e-10, square - mean * mean).squareRoot())
    }
  }
}
