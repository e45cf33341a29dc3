import SerdEncoder
import SerdNetwork
import SerdTestKit
import Testing

@Suite("The float encoder")
struct FloatEncoderTests {
  /// The golden values are of double precision. A block's values reach 12, with a deviation of 0.3 to 0.8.
  @Test(
    "Each block's output is the reference's",
    .enabled(if: SharedEncoder.folder != nil, Comment(rawValue: SharedEncoder.absence)),
    arguments: ["noise", "glide", "short"])
  func golden(signal: String) throws {
    let golden = try SharedEncoder.golden()
    let encoder = FloatEncoder(try EncoderWeights(parsing: SharedEncoder.bytes("encoder.safetensors")))
    #expect(encoder.shape == .base(blocks: 3))
    let outputs = encoder.outputs(ofScaled: try golden.floats("\(signal).mel"))
    for (output, name) in zip(outputs, ["embedded", "block1", "block2", "block3"]) {
      let expected = try golden.floats("\(signal).\(name)")
      let difference = zip(output.values, expected).map { abs($0 - $1) }.max()!
      #expect(output.values.count == expected.count && difference < 2e-4, "\(name): \(difference)")
    }
  }

  @Test(
    "From samples to blocks it is the reference's",
    .enabled(if: SharedEncoder.folder != nil, Comment(rawValue: SharedEncoder.absence)))
  func tone() throws {
    let golden = try Golden.encoderTone()
    let encoder = FloatEncoder(try EncoderWeights(parsing: SharedEncoder.bytes("encoder.safetensors")))
    let frames = LogMel().frames(of: LogMelTests.tone, padded: true)
    let outputs = encoder.outputs(ofScaled: LogMelWindow.scaled(frames))
    let tokens = try golden.int32s("tokens")
    for (output, name) in zip(outputs, ["embedded", "block1", "block2", "block3"]) {
      let expected = Matrix(try golden.floats(name, shape: [tokens.count, 512]), columns: 512)
      for (row, token) in tokens.enumerated() {
        let difference = zip(output[Int(token)], expected[row]).map { abs($0 - $1) }.max()!
        #expect(difference < 5e-3, "\(name), token \(token): \(difference)")
      }
    }
  }

  @Test(
    "Fewer blocks are the first ones, and the pooled features are means and deviations",
    .enabled(if: SharedEncoder.folder != nil, Comment(rawValue: SharedEncoder.absence)))
  func prefix() throws {
    let bytes = try SharedEncoder.bytes("encoder.safetensors")
    let two = FloatEncoder(try EncoderWeights(parsing: bytes, blocks: 2))
    let frames = LogMel().frames(of: Array(LogMelTests.tone.prefix(4000)))
    let outputs = two.outputs(ofScaled: LogMelWindow.scaled(frames))
    let one = FloatEncoder(two.weights.prefix(blocks: 1))
    #expect(one.outputs(ofScaled: LogMelWindow.scaled(frames)) == Array(outputs[..<2]))
    let features = two.pooled(frames)
    #expect(features.count == 2048 && features == one.pooled(frames) + features[1024...])
    let column = (0..<outputs[2].rows).map { outputs[2][$0].first! }
    let mean = column.reduce(0, +) / Float(column.count)
    #expect(abs(features[1024] - mean) < 1e-6)
    let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Float(column.count)
    #expect(abs(features[1536] - variance.squareRoot()) < 1e-6)
    #expect(throws: ModelFileError.self) { try EncoderWeights(parsing: bytes, blocks: 4) }
  }
}
