import SerdEncoder
import SerdNetwork
import SerdTestKit
import Testing

@Suite("The int8 encoder's file")
struct QuantisedEncoderTests {
  private static let shape = EncoderShape(width: 32, heads: 2, blocks: 2)

  @Test("What is written is read, and the same encoder gives the same bytes")
  func roundTrip() throws {
    let encoder = try QuantisedEncoder.random(Self.shape)
    let bytes = encoder.serialised()
    let read = try QuantisedEncoder(parsing: bytes)
    #expect(read.shape == encoder.shape && read.serialised() == bytes)
    #expect(zip(read.products, encoder.products).allSatisfy { $0.name == $1.name && $0.product == $1.product })
    #expect(zip(read.norms, encoder.norms).allSatisfy { $0.name == $1.name && $0.norm == $1.norm })
    #expect(encoder.products.count == 10 && encoder.norms.count == 4)
  }

  @Test("It lies in a model file beside what else is there")
  func beside() throws {
    let encoder = try QuantisedEncoder.random(Self.shape)
    var file = Safetensors(metadata: ["model": "{}"])
    file.set("head.weight", shape: [2], floats: [1, 2])
    encoder.store(in: &file)
    let read = try Safetensors(parsing: file.sealed())
    #expect(try read.floats("head.weight") == [1, 2])
    #expect(try QuantisedEncoder(from: read).serialised() == encoder.serialised())
  }

  @Test("Real values are at most half a step from their bytes, and neighbours are at most 128 together")
  func quantisation() {
    var generator = TestGenerator(seed: 1)
    let weights =
      (0..<8 * 64).map { _ in Float.random(in: -1...1, using: &generator) } + [Float](repeating: 0, count: 64)
    let product = QuantisedProduct(FloatProduct(weights: weights, biases: [Float](repeating: 0, count: 9)))
    for (i, weight) in weights.enumerated() {
      let scale = product.scales[i / 64]
      #expect(abs(Float(product.weights[i]) * scale - weight) <= 0.5001 * scale)
      #expect(Int(product.weights[i].magnitude) + Int(product.weights[i ^ 1].magnitude) <= QuantisedProduct.largestPair)
    }
  }

  /// What a hostile file may hold in place of a sound one.
  static let defects: [@Sendable (inout Safetensors) -> Void] = [
    { $0.metadata["encoder"] = nil },
    { $0.metadata["encoder"] = "{}" },
    { $0.metadata["encoder"] = #"{"width":-32,"heads":2,"blocks":2}"# },
    { $0.metadata["encoder"] = #"{"width":32,"heads":0,"blocks":2}"# },
    { $0.metadata["encoder"] = #"{"width":32,"heads":2,"blocks":9223372036854775807}"# },
    { $0.metadata["encoder"] = #"{"width":32,"heads":2,"blocks":3}"# },
    { $0.metadata["encoder"] = #"{"width":48,"heads":3,"blocks":2}"# },
    { $0.set("encoder.conv1.weight_scale", shape: [32], floats: [Float](repeating: 0, count: 32)) },
    { $0.set("encoder.conv1.weight_scale", shape: [32], floats: [Float](repeating: 2, count: 32)) },
    { $0.set("encoder.conv1.weight_scale", shape: [32], floats: [Float](repeating: .nan, count: 32)) },
    { $0.set("encoder.conv2.bias", shape: [32], floats: [Float](repeating: 1e30, count: 32)) },
    { $0.set("encoder.conv2.bias", shape: [33], floats: [Float](repeating: 0, count: 33)) },
    { $0.set("encoder.blocks.1.mlp_ln.weight", shape: [32], floats: [Float](repeating: -1e5, count: 32)) },
    { $0.set("encoder.blocks.0.attn.out.weight", shape: [32, 32], int8s: [Int8](repeating: 65, count: 1024)) },
    { $0.set("encoder.blocks.0.attn.out.weight", shape: [32, 32], int8s: [Int8](repeating: -128, count: 1024)) },
    { $0.set("encoder.blocks.0.attn.out.weight", shape: [1024], int8s: [Int8](repeating: 0, count: 1024)) },
  ]

  @Test("A file that the arithmetic could not take is refused", arguments: defects.indices)
  func hostile(index: Int) throws {
    var file = Safetensors()
    try QuantisedEncoder.random(Self.shape).store(in: &file)
    _ = try QuantisedEncoder(from: file)
    Self.defects[index](&file)
    #expect(throws: ModelFileError.self) { try QuantisedEncoder(from: Safetensors(parsing: file.serialised())) }
  }

  @Test("A flipped bit, a cut file and a file of something else are refused")
  func damaged() throws {
    let bytes = try QuantisedEncoder.random(Self.shape).serialised()
    for place in stride(from: bytes.count - 1, to: bytes.count / 2, by: -997) {
      var damaged = bytes
      damaged[place] ^= 1
      #expect(throws: ModelFileError.self) { try QuantisedEncoder(parsing: damaged) }
    }
    #expect(throws: ModelFileError.self) { try QuantisedEncoder(parsing: Array(bytes.dropLast())) }
    #expect(throws: ModelFileError.self) { try QuantisedEncoder(parsing: Safetensors().serialised()) }
    #expect(throws: ModelFileError.self) { try EncoderWeights(parsing: bytes) }
  }
}
