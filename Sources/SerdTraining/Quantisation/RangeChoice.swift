import Foundation
import SerdNetwork

/// How the ranges are chosen that int8 grids cover.
public enum RangeChoice: String, Codable, CaseIterable, Sendable {
  /// From the least to the greatest value: nothing is clamped, and one outlier makes every step coarser.
  case extremes
  /// The range with the least mean square error of rounding and clamping together.
  case leastError
}

/// Counts of an activation's values in narrow bins, from which the range with the least error is found.
struct RangeHistogram {
  /// Some eight bins to a step of the widest grid.
  static let binCount = 2048
  let low: Float
  let high: Float
  private(set) var counts = [Int](repeating: 0, count: binCount)

  init(low: Float, high: Float) {
    self.low = low
    self.high = max(high, low + 1e-6)
  }

  mutating func count(_ values: [Float]) {
    let factor = Float(Self.binCount) / (high - low)
    for value in values { counts[max(0, min(Self.binCount - 1, Int((value - low) * factor)))] += 1 }
  }

  /// The grid with the least error: each end is drawn in from its extreme in steps of 2 %, down to 20 %, one after the other until
  /// neither moves.
  func bestGrid() -> QuantisedModel.Activation {
    let shares = (0...40).map { 1 - 0.02 * Float($0) }
    var (lowShare, highShare) = (Float(1), Float(1))
    var least = error(of: grid(1, 1))
    while true {
      let before = least
      for share in shares {
        let error = error(of: grid(lowShare, share))
        if error < least { (least, highShare) = (error, share) }
      }
      for share in shares where low < 0 {
        let error = error(of: grid(share, highShare))
        if error < least { (least, lowShare) = (error, share) }
      }
      if least == before { return grid(lowShare, highShare) }
    }
  }

  private func grid(_ lowShare: Float, _ highShare: Float) -> QuantisedModel.Activation {
    QuantisedModel.Activation(covering: min(0, low) * lowShare, max(0, high) * highShare)
  }

  /// Sum of squared differences between the bins' centres and what the grid makes of them.
  func error(of grid: QuantisedModel.Activation) -> Double {
    let width = (high - low) / Float(Self.binCount)
    var sum = 0.0
    for (index, count) in counts.enumerated() where count > 0 {
      let value = low + (Float(index) + 0.5) * width
      let steps = (value / grid.scale).rounded(.toNearestOrEven) + Float(grid.zeroPoint)
      let difference = Double((max(-128, min(127, steps)) - Float(grid.zeroPoint)) * grid.scale - value)
      sum += Double(count) * difference * difference
    }
    return sum
  }
}

/// The scale of one output channel's weights.
enum WeightScale {
  /// Steps of which 127 reach the largest magnitude, or with `leastError` as few as 60 % of it if that loses less.
  static func best(for weights: ArraySlice<Float>, ranges: RangeChoice) -> Float {
    let largest = weights.reduce(0) { max($0, abs($1)) } / 127
    guard ranges == .leastError, largest > 0 else { return largest }
    func error(_ scale: Float) -> Float {
      weights.reduce(0) { sum, weight in
        let difference = max(-127, min(127, (weight / scale).rounded(.toNearestOrEven))) * scale - weight
        return sum + difference * difference
      }
    }
    let scales = (0...20).map { largest * (1 - 0.02 * Float($0)) }
    return scales.map { ($0, error($0)) }.min { $0.1 < $1.1 }!.0
  }
}
