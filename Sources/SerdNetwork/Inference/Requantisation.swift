/// From accumulators and grids back to int8: the one place where the reference rounds.
///
/// Everything is float32 without contraction to FMA, rounded to nearest, ties to even; the zero point is added in
/// integers; then the result is clamped. Identical on every instruction set that has IEEE single precision.
package enum Requantisation {
  /// Steps of PReLU's grid per output step.
  static let gridSteps: Float = 16

  static func roundedToInteger(_ value: Float) -> Int32 { Int32(value.rounded(.toNearestOrEven)) }

  package static func requantise(_ sum: Int32, scale: Float, zeroPoint: Int32) -> Int8 {
    // The product is clamped as a float: it may exceed an int32 when an output's scale is far too small for its values.
    let limited = max(-512, min(512, Float(sum) * scale))
    return Int8(max(-128, min(127, roundedToInteger(limited) + zeroPoint)))
  }
}
