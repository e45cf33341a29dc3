import SerdEncoder
import SerdNetwork
import SerdTestKit
import Testing

@Suite("The int8 encoder")
struct Int8EncoderTests {
  private static let shapes = [
    EncoderShape(width: 32, heads: 2, blocks: 2), EncoderShape(width: 48, heads: 1, blocks: 1),
    EncoderShape(width: 96, heads: 3, blocks: 1),
  ]

  /// Every size of register tile, one and several blocks of queries, even and odd counts.
  @Test("Every instruction set equals the specification to the bit", arguments: shapes)
  func specification(shape: EncoderShape) throws {
    for isExtreme in [false, true] {
      let model = try QuantisedEncoder.random(shape, seed: isExtreme ? 2 : 1, isExtreme: isExtreme)
      let reference = Int8ReferenceEncoder(model)
      for count in [2, 3, 9, 26, 31, 64, 131] {
        let frames = randomFrames(count, seed: UInt64(count))
        let expected = reference.pooled(frames, offset: 0.3)
        #expect(expected.allSatisfy(\.isFinite) && Set(expected).count > expected.count / 2)
        for set in InstructionSet.available {
          for kernels in EncoderKernels.all {
            let encoder = Int8Encoder(model, frames: 140, instructionSet: set, kernels: kernels)
            #expect(
              encoder.pooled(frames, offset: 0.3).map(\.bitPattern) == expected.map(\.bitPattern),
              "\(set.name), \(kernels.name), \(count) frames")
          }
        }
      }
    }
  }

  @Test("An answer does not depend on the windows before")
  func isStateless() throws {
    let encoder = Int8Encoder(try .random(Self.shapes[0]), frames: 100)
    let frames = randomFrames(41)
    let expected = encoder.pooled(frames)
    _ = encoder.pooled(randomFrames(100, seed: 2))
    #expect(encoder.pooled(frames) == expected)
  }

  /// The tolerances are of real weights: what eight bits cost, in deviations of a block's values.
  @Test(
    "On real weights it is near the float encoder, block by block",
    .enabled(if: SharedEncoder.folder != nil, Comment(rawValue: SharedEncoder.absence)),
    arguments: ["noise", "glide", "short"])
  func golden(signal: String) throws {
    let golden = try SharedEncoder.golden()
    let weights = try EncoderWeights(parsing: SharedEncoder.bytes("encoder.safetensors"))
    let mel = try golden.floats("\(signal).mel")
    for blocks in 1...3 {
      let encoder = Int8Encoder(QuantisedEncoder(weights.prefix(blocks: blocks)), frames: 200)
      // Back to what the window's scaling makes of it.
      _ = encoder.pooled(mel.map { $0 * 4 - 4 })
      let expected = try golden.floats("\(signal).block\(blocks)")
      let values = encoder.tokens(count: expected.count / 512).values
      let mean = expected.reduce(0, +) / Float(expected.count)
      let deviation = (expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(expected.count)).squareRoot()
      let error = (zip(values, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(expected.count))
      #expect(error.squareRoot() < 0.1 * deviation, "block \(blocks): \(error.squareRoot() / deviation)")
    }
  }
}
