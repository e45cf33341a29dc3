import Foundation

/// Pseudo-random numbers that depend on the seed alone: xoshiro256++ (Blackman and Vigna 2019, arXiv 1805.01407), its
/// state filled by SplitMix64.
///
/// The state is `Codable`, so a resumed training run continues the same sequence. Not for cryptography.
package struct SeededGenerator: RandomNumberGenerator, Codable, Equatable, Sendable {
  private var a, b, c, d: UInt64

  /// A generator for `seed`; different seeds, even neighbouring ones, give unrelated sequences.
  package init(seed: UInt64) {
    var state = seed
    func splitMix() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    a = splitMix()
    b = splitMix()
    c = splitMix()
    d = splitMix()
  }

  /// 64 uniformly random bits.
  package mutating func next() -> UInt64 {
    let sum = a &+ d
    let result = (sum << 23 | sum >> 41) &+ a
    let t = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = d << 45 | d >> 19
    return result
  }

  /// Uniform in [0, 1), a multiple of 2^-24.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Standard normal, by Box and Muller's transform (1958); one value of the pair is used, so that there is no hidden
  /// state.
  package mutating func gaussian() -> Float {
    // 1 - u is in (0, 1], so the logarithm is finite.
    let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
    return Float(radius * cos(2 * .pi * Double(next() >> 11) * 0x1p-53))
  }

  /// Near enough to a standard normal for noise: the sum of four 16-bit uniforms, from one draw.
  package mutating func quickGaussian() -> Float {
    let bits = next()
    let sum = Int32(bits & 0xFFFF) + Int32(bits >> 16 & 0xFFFF) + Int32(bits >> 32 & 0xFFFF) + Int32(bits >> 48)
    return Float(sum - 131_070) * (1.732_05 / 65536)
  }

  /// A generator for an independent purpose (one epoch, one clip), without advancing this one.
  package func derived(_ purpose: UInt64) -> SeededGenerator {
    SeededGenerator(seed: (a ^ (c << 32 | c >> 32)) &+ purpose &* 0xD134_2543_DE82_EF95)
  }
}
