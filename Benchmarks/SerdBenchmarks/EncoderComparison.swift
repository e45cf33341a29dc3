import Foundation
import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit

/// The int8 encoder against the same graph in onnxruntime and against Light-SERNet, one thread, a window of 2 s.
///
/// `compare-encoder-with-onnxruntime` prepares what this needs: `SerdBenchmarks encoder ENCODER BLOCKS PYTHON
/// GRAPH.onnx...`.
func encoderComparison(_ arguments: [String]) throws {
  guard arguments.count >= 4, let blocks = Int(arguments[1]) else {
    throw LiteRTFailure(description: "usage: SerdBenchmarks encoder ENCODER BLOCKS PYTHON GRAPH.onnx...")
  }
  let weights = try EncoderWeights(parsing: ModelFile.bytes(path: arguments[0]), blocks: blocks)
  let model = QuantisedEncoder(weights)
  let count = 200
  let frames = Array(LogMel().frames(of: SyntheticSignal.harmonics.samples(seconds: 3)).prefix(count * LogMel.bands))
  let window = LogMelWindow.scaled(frames)
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("serd-mel-\(getpid()).f32")
  try window.withUnsafeBytes { Data($0) }.write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  guard
    let peer = PeerProcess([arguments[2], "-m", "serdtools.speed.encoder_peers", file.path] + arguments[3...])
  else { throw LiteRTFailure(description: "onnxruntime's process does not start") }

  let encoder = Int8Encoder(model, frames: count)
  let exact = FloatEncoder(weights).outputs(ofScaled: window).last!
  _ = encoder.pooled(frames)
  print(
    "\(blocks) blocks, \(count) frames, \(InstructionSet.best.name) and \(EncoderKernels.best.name) kernels; \(peer.name)"
  )
  print(row("", ["median", "error ÷ deviation"]))
  func show(_ name: String, _ seconds: Double, _ tokens: [Float]?) {
    let error = tokens.map { decimals(relativeDeviation($0, exact.values), 3) } ?? ""
    print(row(name, ["\(decimals(seconds * 1e3, 3)) ms", error]))
  }

  let light = LightWindow(try LoadedModel(path: LoadedModel.defaultPath()).model.lightSERNet())
  let own = [
    Contest.Contender(name: "ours, int8") { _ = encoder.pooled(frames) },
    Contest.Contender(name: "Light-SERNet") { light.classify() },
    Contest.Contender(name: "log-mel of 2 s") { light.logMel() },
  ]
  var times = own.map { _ in [Double]() }
  var theirs = arguments[3...].map { _ in [Double]() }
  for _ in 0..<10 {
    for (index, time) in Contest.run(own, turns: 1, repetitions: 20).enumerated() { times[index].append(time.median) }
    for graph in theirs.indices {
      guard let seconds = peer.answer(to: "\(graph) 20").flatMap(Double.init) else {
        throw LiteRTFailure(description: "onnxruntime's process stopped")
      }
      theirs[graph].append(seconds)
    }
  }
  let medians = (times + theirs).map { $0.sorted()[$0.count / 2] }
  show(own[0].name, medians[0], encoder.tokens(count: exact.rows).values)
  for (index, graph) in arguments[3...].enumerated() {
    let tokens = peer.answer(to: "\(index)").map { $0.split(separator: " ").compactMap { Float($0) } }
    show(URL(fileURLWithPath: graph).deletingPathExtension().lastPathComponent, medians[own.count + index], tokens)
  }
  for index in 1..<own.count { show(own[index].name, medians[index], nil) }
  print("ours ÷ onnxruntime's best: \(decimals(medians[0] / medians[own.count...].min()!, 3)), at most 0.7")
  print("ours ÷ Light-SERNet: \(decimals(medians[0] / medians[1], 2)), at most 6")
}

/// The root of the mean square error, over the deviation of the exact values.
private func relativeDeviation(_ values: [Float], _ exact: [Float]) -> Double {
  guard values.count == exact.count else { return .infinity }
  let mean = exact.reduce(0, +) / Float(exact.count)
  let spread = exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return Double((zip(values, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / spread).squareRoot())
}

/// A window of the default model, one-shot, and the encoder's front end.
private final class LightWindow {
  private let network: Int8Network
  private let coefficients: [Float]
  private var probabilities: [Float]
  private let mel = LogMel()
  private let samples = SyntheticSignal.harmonics.samples(seconds: 2)

  init(_ model: QuantisedModel) {
    network = Int8Network(model: model)
    let settings = model.description.frontEnd
    coefficients = FeatureStream.frames(of: SyntheticSignal.harmonics.samples(seconds: 3), settings: settings)
    probabilities = [Float](repeating: 0, count: model.description.labels.count)
  }

  func classify() {
    coefficients.withUnsafeBufferPointer {
      network.classify(FeatureWindow(of: $0, at: 0, for: network.model.description), into: &probabilities)
    }
  }

  func logMel() { _ = mel.frames(of: samples) }
}
