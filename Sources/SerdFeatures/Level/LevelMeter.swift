import Glibc

/// Measures how loud the speech in a window is: the percentile of |x| that `LevelSettings` names, over the blocks near
/// the loudest one. One function for training, files and live audio.
///
/// Keeps the last `capacity` blocks (one hop of samples each) as |x| in steps of 1/32 octave (0.19 dB), their mean
/// squares and their loudest steps. `level` searches for the step that the right number of samples reaches: counting
/// stops as soon as there are enough, and skips blocks whose loudest sample is lower. No allocation after `init`.
package struct LevelMeter {
  /// 24 octaves below 1, 2 above: -144 to +12 dBFS. What lies outside counts as the nearest step.
  private static let stepsPerOctave = 32
  private static let lowestExponent = -24
  private static let highestStep = 26 * stepsPerOctave - 1
  /// An IEEE single's upper 14 bits are a logarithm: 8 exponent bits and 5 of the mantissa give 32 steps an octave.
  private static let lowestBits = (lowestExponent + 127) * stepsPerOctave

  private let settings: LevelSettings
  private let blockLength: Int
  private let capacity: Int
  private let kernels: FrontEndKernels
  private var steps: [Int16]
  private var meanSquares: [Float]
  private var loudestSteps: [Int16]
  /// The last window's answer, where the next search starts.
  private var lastStep = highestStep / 2
  /// Where the window's blocks with speech are; filled anew by `level`.
  private var speechSlots: [Int] = []
  /// Blocks held, at most `capacity`, and where the next one goes.
  private var (held, nextSlot) = (0, 0)
  /// The threshold of speech against the loudest block's mean square.
  private let speechRatio: Float

  package init(settings: LevelSettings, blockLength: Int, capacity: Int, kernels: FrontEndKernels = .best) {
    self.settings = settings
    self.blockLength = blockLength
    self.capacity = capacity
    self.kernels = kernels
    steps = Array(repeating: 0, count: blockLength * capacity)
    meanSquares = Array(repeating: 0, count: capacity)
    loudestSteps = Array(repeating: 0, count: capacity)
    speechSlots.reserveCapacity(capacity)
    speechRatio = Float(pow(10, -settings.speechRange / 10))
  }

  /// Takes the next `blockLength` samples.
  package mutating func push(_ block: UnsafePointer<Float>) {
    let slot = nextSlot
    let sum = steps.withUnsafeMutableBufferPointer {
      kernels.table.level(
        block, $0.baseAddress! + slot * blockLength, Int32(blockLength), Int32(Self.lowestBits),
        Int32(Self.highestStep), &loudestSteps[slot])
    }
    meanSquares[slot] = sum / Float(blockLength)
    held = min(capacity, held + 1)
    nextSlot = slot + 1 == capacity ? 0 : slot + 1
  }

  /// Mean square of the `count` newest blocks.
  package func meanSquare(ofLast count: Int) -> Float {
    var sum: Float = 0
    var slot = nextSlot
    for _ in 0..<count {
      slot = (slot == 0 ? capacity : slot) - 1
      sum += meanSquares[slot]
    }
    return sum / Float(count)
  }

  /// Level of the `count` newest blocks, in dB relative to full scale.
  package mutating func level(ofLast count: Int) -> Float {
    precondition(count > 0 && count <= held, "\(count) blocks asked of a meter that holds \(held)")
    findSpeech(inLast: count)
    let speechSamples = speechSlots.count * blockLength
    let above = max(1, Int((Double(speechSamples) * (1 - settings.percentile)).rounded()))
    lastStep = highestStep(reachedBy: above)
    return Self.decibels(ofStep: lastStep)
  }

  /// The highest step that `count` samples of speech reach. Windows overlap, so the search starts at the last window's
  /// step and doubles its stride until the answer is enclosed; then it bisects.
  private func highestStep(reachedBy count: Int) -> Int {
    var (reached, unreached) = (0, Self.highestStep + 1)  // All samples reach step 0.
    var (probe, stride) = (lastStep, 1)
    while unreached - reached > 1 {
      if atLeast(count, reach: probe) {
        reached = probe
        probe += stride
      } else {
        unreached = probe
        probe -= stride
      }
      stride *= 2
      if probe <= reached || probe >= unreached { probe = (reached + unreached) / 2 }
    }
    return reached
  }

  /// Fills `speechSlots` with the blocks near the loudest one.
  private mutating func findSpeech(inLast count: Int) {
    speechSlots.removeAll(keepingCapacity: true)
    let wrapped = max(0, count - nextSlot)
    let (newer, older) = (nextSlot - (count - wrapped)..<nextSlot, capacity - wrapped..<capacity)
    var loudest: Float = 0
    for slot in newer { loudest = max(loudest, meanSquares[slot]) }
    for slot in older { loudest = max(loudest, meanSquares[slot]) }
    let threshold = loudest * speechRatio
    for slot in newer where meanSquares[slot] >= threshold { speechSlots.append(slot) }
    for slot in older where meanSquares[slot] >= threshold { speechSlots.append(slot) }
  }

  /// Whether `count` samples or more of the blocks with speech are at `step` or above.
  private func atLeast(_ count: Int, reach step: Int) -> Bool {
    steps.withUnsafeBufferPointer { steps in
      var missing = count
      for slot in speechSlots where loudestSteps[slot] >= step {
        missing -= Int(kernels.table.count(steps.baseAddress! + slot * blockLength, Int32(blockLength), Int32(step)))
        if missing <= 0 { return true }
      }
      return false
    }
  }

  /// The middle of a step, in dB.
  private static func decibels(ofStep step: Int) -> Float {
    let mantissa = 1 + (Float(step % stepsPerOctave) + 0.5) / Float(stepsPerOctave)
    return 20 * log10f(mantissa) + Float(step / stepsPerOctave + lowestExponent) * 20 * log10f(2)
  }
}
