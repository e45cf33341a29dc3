import CInt8Kernels
import Foundation
import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdService

/// Our network against the same network in LiteRT + XNNPACK, and against the int8 peak of the core, in one run on one thread.
///
/// `compare-with-litert` prepares what this needs: `SerdBenchmarks litert LIBRARY MODEL SOUND NETWORK...`, where every NETWORK is a
/// TFLite file made from MODEL for a window of its own length.
func liteRTComparison(_ arguments: [String]) throws {
  guard arguments.count >= 4 else {
    throw LiteRTFailure(description: "usage: SerdBenchmarks litert LIBRARY MODEL SOUND NETWORK...")
  }
  let model = try LoadedModel(path: arguments[1]).model
  let sound = try Sound(file: arguments[2], frontEnd: model.description.frontEnd)
  for network in arguments[3...] {
    let peer = try LiteRTPeer(library: arguments[0], network: network)
    let frames = try peer.inputCount() / model.description.frontEnd.coefficients
    try LiteRTComparison(model: model.with(windowFrames: frames), sound: sound, peer: peer).run()
  }
}

private struct LiteRTComparison {
  let model: QuantisedModel
  let sound: Sound
  let peer: LiteRTPeer

  init(model: QuantisedModel, sound: Sound, peer: LiteRTPeer) {
    self.model = model
    self.sound = sound
    self.peer = peer
  }

  func run() throws {
    let seconds = decimals(model.description.windowSeconds, 0)
    let agreement = try Agreement(model: model, sound: sound, peer: peer)
    let network = Int8Network(model: model)
    let peak = Int8Peak(instructionSet: network.instructionSet)
    var (oneShot, hop, live) = try (
      Hops(network, sound), Hops(IncrementalNetwork(model: model), sound), LiveHops(model: model, sound: sound)
    )
    let times = Contest.run(
      [
        Contest.Contender(name: "LiteRT + XNNPACK, dynamic-range int8") { peer.run() },
        Contest.Contender(name: "ours, one-shot") { oneShot.next() },
        Contest.Contender(name: "ours, one hop") { hop.next() },
        Contest.Contender(name: "ours, one hop and its front end") { live.next() },
        Contest.Contender(name: "register-only loop") { peak.burst() },
      ], turns: 100, repetitions: 20)
    let speed = Double(peak.burstMultiplyAdds) / times[4].median * 1e-9
    print("\(seconds) s window, \(model.description.windowFrames) frames, \(network.instructionSet) kernels; \(agreement.text)")
    print("int8 peak of the core, measured in between: \(decimals(speed, 0)) GMAC/s")
    print(row("", ["median", "minimum", "÷ peer", "÷ one-shot", "÷ time at peak"]))
    let multiplyAdds = model.description.architecture.multiplyAdds(
      frames: model.description.windowFrames, coefficients: model.description.frontEnd.coefficients,
      classes: model.description.labels.count)
    for time in times.prefix(4) {
      let ratios = [
        time.median / times[0].median, time.median / times[1].median, time.median * speed * 1e9 / Double(multiplyAdds),
      ]
      print(
        row(
          time.name,
          [time.median, time.minimum].map { "\(decimals($0 * 1e3, 3)) ms" } + ratios.map { decimals($0, 2) }))
    }
    print("")
  }
}
