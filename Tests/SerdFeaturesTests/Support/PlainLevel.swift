import Glibc
import SerdFeatures

/// A window's level by its definition: a histogram of every sample of every block with speech, in steps of 1/32 octave.
struct PlainLevel {
  let settings: LevelSettings

  /// The blocks are the window's, of equal length.
  func level(of blocks: [[Float]]) -> Float {
    let meanSquares = blocks.map { block in block.reduce(0) { $0 + Double($1) * Double($1) } / Double(block.count) }
    let threshold = meanSquares.max()! * pow(10, -settings.speechRange / 10)
    let speech = zip(blocks, meanSquares).filter { $1 >= threshold }.flatMap { $0.0 }
    var histogram = [Int](repeating: 0, count: 26 * 32)
    for x in speech { histogram[step(abs(x))] += 1 }
    var above = max(1, Int((Double(speech.count) * (1 - settings.percentile)).rounded()))
    var step = histogram.count - 1
    while step > 0, above > histogram[step] {
      above -= histogram[step]
      step -= 1
    }
    let mantissa = 1 + (Float(step % 32) + 0.5) / 32
    return 20 * log10f(mantissa) + Float(step / 32 - 24) * 20 * log10f(2)
  }

  /// Octaves above 2^-24, and 32nds of one by the mantissa.
  private func step(_ magnitude: Float) -> Int {
    guard magnitude >= 0x1p-24 else { return 0 }
    guard magnitude < 4 else { return 26 * 32 - 1 }
    return (Int(magnitude.exponent) + 24) * 32 + Int((magnitude.significand - 1) * 32)
  }
}
