import Glibc

/// Measures how loud the speech in a window is: the percentile of |x| that `LevelSettings` names, over the blocks near the
/// loudest one. One function for training, files and live audio.
///
/// Keeps the last `capacity` blocks (one hop of samples each) as |x| on a grid of 32 bins per octave (0.19 dB), and their mean
/// squares. `level` costs one pass over a window's bins. No allocation after `init`.
struct LevelMeter {
  /// 24 octaves below 1, 2 above: -144 to +12 dBFS. What lies outside counts as the nearest bin.
  private static let binsPerOctave = 32
  private static let lowestExponent = -24
  private static let binCount = 26 * binsPerOctave

  private let settings: LevelSettings
  private let blockLength: Int
  private let capacity: Int
  private var bins: [UInt16]
  private var meanSquares: [Float]
  private var histogram: [Int32]
  /// Blocks pushed since the start.
  private(set) var blockCount = 0

  init(settings: LevelSettings, blockLength: Int, capacity: Int) {
    self.settings = settings
    self.blockLength = blockLength
    self.capacity = capacity
    bins = Array(repeating: 0, count: blockLength * capacity)
    meanSquares = Array(repeating: 0, count: capacity)
    histogram = Array(repeating: 0, count: Self.binCount)
  }

  /// Takes the next `blockLength` samples.
  mutating func push(_ block: UnsafePointer<Float>) {
    let slot = blockCount % capacity
    var sum: Float = 0
    for i in 0..<blockLength {
      sum += block[i] * block[i]
      bins[slot * blockLength + i] = Self.bin(abs(block[i]))
    }
    meanSquares[slot] = sum / Float(blockLength)
    blockCount += 1
  }

  /// Mean square of the `count` newest blocks.
  func meanSquare(ofLast count: Int) -> Float {
    var sum: Float = 0
    for back in 1...count { sum += meanSquares[(blockCount - back) % capacity] }
    return sum / Float(count)
  }

  /// Level of the `count` newest blocks, in dB relative to full scale.
  mutating func level(ofLast count: Int) -> Float {
    precondition(
      count > 0 && count <= min(capacity, blockCount), "\(count) blocks asked of a meter that holds \(blockCount)")
    let slots = (1...count).lazy.map { [blockCount, capacity] in (blockCount - $0) % capacity }
    let loudest = slots.reduce(Float(0)) { max($0, meanSquares[$1]) }
    let threshold = loudest * Float(pow(10, -settings.speechRange / 10))
    for i in 0..<histogram.count { histogram[i] = 0 }
    var speechSamples = 0
    for slot in slots where meanSquares[slot] >= threshold {
      speechSamples += blockLength
      for i in slot * blockLength..<(slot + 1) * blockLength { histogram[Int(bins[i])] += 1 }
    }
    var above = max(1, Int32((Double(speechSamples) * (1 - settings.percentile)).rounded()))
    var bin = Self.binCount - 1
    while bin > 0, above > histogram[bin] {
      above -= histogram[bin]
      bin -= 1
    }
    return Self.decibels(ofBin: bin)
  }

  /// The top bits of an IEEE single are a logarithm: 8 exponent bits and 5 of the mantissa give 32 bins an octave.
  private static func bin(_ magnitude: Float) -> UInt16 {
    let logarithm = Int(magnitude.bitPattern >> 18) - (lowestExponent + 127) * binsPerOctave
    return UInt16(max(0, min(binCount - 1, logarithm)))
  }

  /// The middle of a bin, in dB.
  private static func decibels(ofBin bin: Int) -> Float {
    let mantissa = 1 + (Float(bin % binsPerOctave) + 0.5) / Float(binsPerOctave)
    return 20 * log10f(mantissa) + Float(bin / binsPerOctave + lowestExponent) * 20 * log10f(2)
  }
}
