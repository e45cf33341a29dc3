import Foundation
import SerdNetwork

/// How the ranges are chosen that the int8 grids of activations cover.
///
/// Weights have no choice: with a grid per output channel, n weights and 127 steps, clamping by a share s of the range
/// saves about 2s·n/(12·127²) and costs at least s², in squares of the range. That pays for s below n/96774 alone: for
/// the 864 weights of the largest layer's channels under 1 % of the range, not worth a search.
package enum RangeChoice: String, Codable, CaseIterable, Sendable {
  /// From the least to the greatest value: nothing is clamped, and one outlier makes every step coarser.
  case extremes
  /// The range with the least mean square error of rounding and clamping together.
  case leastError
}

/// Counts of an activation's values in narrow bins, from which the range with the least error is found.
package struct RangeHistogram {
  /// Some eight bins to a step of the widest grid.
  static let binCount = 2048
  let low: Float
  let high: Float
  private(set) var counts = [Int](repeating: 0, count: binCount)

  package init(low: Float, high: Float) {
    self.low = low
    self.high = max(high, low + 1e-6)
  }

  package mutating func count(_ values: [Float]) {
    let factor = Float(Self.binCount) / (high - low)
    for value in values { counts[max(0, min(Self.binCount - 1, Int((value - low) * factor)))] += 1 }
  }

  /// The grid with the least error: each end is drawn in from its extreme in steps of 2 %, down to 20 %, one after the
  /// other until neither moves.
  package func bestGrid() -> QuantisedModel.Activation {
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
