/// A slice of two interleaved channels, which most recordings have, eight frames at a time: what `ChannelMixer` does
/// for any number of channels. The mean is the same to the bit; powers may differ in the last bits, since their sums
/// have another order.
struct StereoSlice {
  private static let framesAtOnce = 8

  private let frames: UnsafeBufferPointer<Float>
  private let count: Int

  init(_ frames: UnsafeBufferPointer<Float>) {
    self.frames = frames
    count = frames.count / 2
  }

  /// Mean squares of the channels and of their mean, without what is constant in each.
  var powers: (left: Float, right: Float, mean: Float) {
    guard count > 0 else { return (0, 0, 0) }
    var sums = SIMD16<Float>.zero
    forEachBlock { sums += $0 }
    var (left, right) = (sums.evenHalf.sum(), sums.oddHalf.sum())
    forEachRest {
      left += $0; right += $1
    }
    let (leftConstant, rightConstant) = (left / Float(count), right / Float(count))
    var constants = SIMD16<Float>(repeating: leftConstant)
    constants.oddHalf = SIMD8(repeating: rightConstant)
    var squares = SIMD16<Float>.zero
    var meanSquares = SIMD8<Float>.zero
    forEachBlock { block in
      let values = block - constants
      squares += values * values
      let mean = values.evenHalf + values.oddHalf
      meanSquares += mean * mean
    }
    var mean = meanSquares.sum()
    (left, right) = (squares.evenHalf.sum(), squares.oddHalf.sum())
    forEachRest { one, other in
      let (one, other) = (one - leftConstant, other - rightConstant)
      left += one * one
      right += other * other
      mean += (one + other) * (one + other)
    }
    return (left / Float(count), right / Float(count), mean / (4 * Float(count)))
  }

  /// Writes the mean of the channels; returns in how many frames one of them was at full scale.
  func average(into mono: UnsafeMutablePointer<Float>) -> Int {
    var place = UnsafeMutableRawPointer(mono)
    var clipped = SIMD8<Int32>.zero
    forEachBlock { block in
      place.storeBytes(of: (block.evenHalf + block.oddHalf) / 2, as: SIMD8<Float>.self)
      place += Self.framesAtOnce * MemoryLayout<Float>.stride
      let (left, right) = (block.evenHalf, block.oddHalf)
      let (most, least) = (SampleRange.fullScale, -SampleRange.fullScale)
      let isClipped = (left .>= most) .| (right .>= most) .| (left .<= least) .| (right .<= least)
      clipped.replace(with: clipped &+ 1, where: isClipped)
    }
    var count = Int(clipped.wrappedSum())
    forEachRest { left, right in
      place.storeBytes(of: (left + right) / 2, as: Float.self)
      place += MemoryLayout<Float>.stride
      if max(abs(left), abs(right)) >= SampleRange.fullScale { count += 1 }
    }
    return count
  }

  @inline(__always)
  private func forEachBlock(_ body: (SIMD16<Float>) -> Void) {
    guard let start = frames.baseAddress else { return }
    for block in 0..<count / Self.framesAtOnce {
      body(UnsafeRawPointer(start + block * 16).loadUnaligned(as: SIMD16<Float>.self))
    }
  }

  @inline(__always)
  private func forEachRest(_ body: (Float, Float) -> Void) {
    let first = count / Self.framesAtOnce * Self.framesAtOnce
    for frame in first..<count { body(frames[2 * frame], frames[2 * frame + 1]) }
  }
}
