/// Which values samples have: nominally from -1 to 1.
enum SampleRange {
  /// One step of 16-bit sound.
  static let step: Float = 1 / 32768
  /// From here on a sample is at full scale: the largest value of 16 bits is one step below 1.
  static let fullScale: Float = 1 - 2 * step
  /// Samples further out are no sound: squares and sums of them would leave Float32's range. Far beyond ±1 on purpose,
  /// as some float files hold 32-bit integers' values.
  static let largest: Float = 1e12

  /// Whether there are samples beyond `largest`, or that are no numbers.
  static func hasOther(_ samples: UnsafeBufferPointer<Float>) -> Bool {
    guard let start = samples.baseAddress else { return false }
    let blocks = samples.count / 16
    var isFine = SIMDMask<SIMD16<Int32>>(repeating: true)
    for block in 0..<blocks {
      let values = UnsafeRawPointer(start + block * 16).loadUnaligned(as: SIMD16<Float>.self)
      // A comparison with what is no number is false.
      isFine .&= (values .<= largest) .& (values .>= -largest)
    }
    return isFine != SIMDMask(repeating: true) || samples[(blocks * 16)...].contains { !($0.magnitude <= largest) }
  }
}
