import Foundation
import SerdDiagnosis
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// Our network against the same network in LiteRT + XNNPACK, and against the int8 peak of the core, in one run on one
/// thread.
///
/// `compare-with-litert` prepares what this needs: `SerdBenchmarks litert LIBRARY MODEL SOUND NETWORK...`, every
/// NETWORK being a TFLite file made from MODEL, named after the frames of its window: `122.tflite`.
func liteRTComparison(_ arguments: [String]) throws {
  guard arguments.count >= 4 else {
    throw LiteRTFailure(description: "usage: SerdBenchmarks litert LIBRARY MODEL SOUND FRAMES.tflite...")
  }
  let model = try LoadedModel(path: arguments[1]).model.lightSERNet()
  let sound = try HopSound(file: arguments[2], frontEnd: model.description.frontEnd)
  for network in arguments[3...] {
    guard let frames = Int(URL(fileURLWithPath: network).deletingPathExtension().lastPathComponent) else {
      throw LiteRTFailure(description: "\(network) is not named after the frames of its window")
    }
    let peer = try LiteRTPeer(library: arguments[0], network: network)
    try compare(model.with(windowFrames: frames), peer, sound)
  }
}

private func compare(_ model: QuantisedModel, _ peer: LiteRTPeer, _ sound: HopSound) throws {
  let network = Int8Network(model: model)
  let agreement = try Agreement(network, peer, sound)
  let (oneShot, hop, live) = (
    WindowHop(classifier: network, frames: sound.frames),
    WindowHop(classifier: IncrementalNetwork(model: model), frames: sound.frames),
    LiveHop(classifier: IncrementalNetwork(model: model), sound: sound.samples)
  )
  let rounds = 20_000
  let times = Contest.run(
    [
      Contest.Contender(name: "LiteRT + XNNPACK") { peer.run() },
      Contest.Contender(name: "ours, one-shot") { oneShot.next() },
      Contest.Contender(name: "ours, a hop") { hop.next() },
      Contest.Contender(name: "ours, a hop + front end") { live.next() },
      Contest.Contender(name: "register-only loop") { _ = network.instructionSet.runPeakLoop(rounds: rounds) },
    ], turns: 60, repetitions: 20)
  let products = Double(network.instructionSet.runPeakLoop(rounds: rounds))
  let speed = products / times[4].median
  let description = model.description
  let multiplyAdds = Double(
    description.architecture.multiplyAdds(
      frames: description.windowFrames, coefficients: description.frontEnd.coefficients,
      classes: description.labels.count))
  print(
    "\(decimals(description.windowSeconds, 0)) s (\(description.windowFrames) frames), \(network.instructionSet.name) kernels, "
      + "peak \(decimals(speed * 1e-9, 0)) GMAC/s (fastest \(decimals(products / times[4].fastest * 1e-9, 0)))")
  print(agreement.text)
  print(row("", ["processor", "fastest", "÷ peer", "÷ one-shot", "÷ peak"]))
  for time in times.prefix(4) {
    let ratios = [time.median / times[0].median, time.median / times[1].median, time.median * speed / multiplyAdds]
    print(
      row(
        time.name, [time.median, time.fastest].map { "\(decimals($0 * 1e3, 3)) ms" } + ratios.map { decimals($0, 2) }))
  }
  print("")
}

/// How far the peer's probabilities are from ours on the same input. It keeps activations in float32 between layers and
/// quantises them by their own range each time, so equal they are not.
private struct Agreement {
  private var windows = 0
  private var sameLabel = 0
  private var largest: Float = 0
  private var sum: Float = 0

  init(_ network: Int8Network, _ peer: LiteRTPeer, _ sound: HopSound) throws {
    let description = network.model.description
    let width = description.frontEnd.coefficients
    let scaling = InputScaling(settings: description.frontEnd)
    for firstFrame in stride(from: 0, to: 64 * description.hopFrames, by: description.hopFrames) {
      var (ours, input) = (
        [Float](repeating: 0, count: description.labels.count),
        [Float](repeating: 0, count: description.windowFrames * width)
      )
      sound.frames.withUnsafeBufferPointer {
        let window = FeatureWindow(of: $0, at: firstFrame, for: description)
        network.classify(window, into: &ours)
        for row in 0..<window.frameCount {
          input.withUnsafeMutableBufferPointer {
            scaling.apply(
              window.coefficients + row * width, gainStep: window.gainStep, into: $0.baseAddress! + row * width)
          }
        }
      }
      try peer.set(input: input)
      peer.run()
      add(ours, try peer.output(count: ours.count))
    }
  }

  private mutating func add(_ ours: [Float], _ theirs: [Float]) {
    windows += 1
    let differences = zip(ours, theirs).map { ($0 - $1).magnitude }
    largest = max(largest, differences.max()!)
    sum += differences.reduce(0, +) / Float(differences.count)
    func best(_ values: [Float]) -> Int { values.indices.max { values[$0] < values[$1] }! }
    sameLabel += best(ours) == best(theirs) ? 1 : 0
  }

  var text: String {
    "agreement on \(windows) windows: same label \(sameLabel), difference of probabilities mean "
      + "\(decimals(Double(sum) / Double(windows), 4)), largest \(decimals(Double(largest), 3))"
  }
}

extension QuantisedModel {
  /// The same weights for a window of another length.
  func with(windowFrames: Int) throws -> QuantisedModel {
    var description = description
    description.windowFrames = windowFrames
    return try QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  }
}
