import SerdEncoder
import SerdFeatures
import SerdNetwork

extension EncoderModel {
  /// A small random encoder with a random head.
  package static func random(
    labels: [String] = ["anger", "neutral", "sadness"], blocks: Int = 2, headBlocks: [Int] = [1],
    following: SpeakerFollowing? = nil, seed: UInt64 = 1
  ) throws -> EncoderModel {
    let shape = EncoderShape(width: 64, heads: 2, blocks: blocks)
    var generator = TestGenerator(seed: seed)
    func values(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
      (0..<count).map { _ in Float.random(in: range, using: &generator) }
    }
    var frontEnd = FrontEndSettings.report
    frontEnd.standardisation = Standardisation(
      mean: values(40, -1...1), reciprocalDeviation: values(40, 0.5...2))
    return try EncoderModel(
      description: ModelDescription(
        name: "random encoder", architecture: nil, frontEnd: frontEnd, windowFrames: 122, labels: labels,
        provenance: Provenance(corpora: ["none"], terms: "none", recipe: "none", seed: seed, revision: "", command: "")),
      encoder: .random(shape, seed: seed),
      head: EncoderHead(
        settings: EncoderHead.Settings(blocks: headBlocks, following: following),
        standardisation: Standardisation(
          mean: values(128, -0.2...0.2), reciprocalDeviation: values(128, 0.5...2)),
        weights: values(128 * labels.count, -0.2...0.2), biases: values(labels.count, -0.2...0.2)))
  }
}
