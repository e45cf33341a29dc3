import SerdDiagnosis
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit

/// A hop of 0.512 s: the network's share beside one-shot inference of the same windows, in turns, and the whole of it,
/// from 32 hops of samples to probabilities. First with random weights, then the shipped model.
func hopBenchmark() throws {
  print("a hop of 32 frames, one thread, \(InstructionSet.best.name); elapsed median and 90th percentile, µs")
  print(row("", ["hop", "p90", "one-shot", "p90", "ratio", "with front end", "÷ one-shot"]))
  for architecture in NetworkArchitecture.variants {
    for seconds in [2, 3] {
      let frames = FrontEndSettings.report.frames(inSamples: 16000 * seconds)
      let model = try TestModels.quantised(architecture, windowFrames: frames)
      printHop("\(architecture.name), \(seconds) s", model)
    }
  }
  if let model = try? LoadedModel(path: LoadedModel.defaultPath()).model.lightSERNet() {
    printHop("shipped, \(model.description.windowSeconds) s", model)
  }
}

private func printHop(_ name: String, _ model: QuantisedModel) {
  let times = HopTimes(model)
  func micro(_ seconds: Double) -> String { decimals(seconds * 1e6, 1) }
  let cells = [
    micro(times.hop.median), micro(times.hop.p90), micro(times.oneShot.median), micro(times.oneShot.p90),
    decimals(times.hop.median / times.oneShot.median, 3), micro(times.whole.median),
    decimals(times.whole.median / times.oneShot.median, 3),
  ]
  print(row(name, cells))
}

/// Times of consecutive windows of a stream.
private struct HopTimes {
  private static let hops = 100
  let hop: Repetitions
  let oneShot: Repetitions
  /// From samples to probabilities.
  let whole: Repetitions

  init(_ model: QuantisedModel) {
    let (incremental, network) = (IncrementalNetwork(model: model), Int8Network(model: model))
    let description = model.description
    let settings = description.frontEnd
    let samples = SyntheticSignal.harmonics.samples(
      seconds: 2 + settings.samples(inFrames: description.windowFrames + 32 * Self.hops) / settings.sampleRate)
    let frames = FeatureStream.frames(of: samples, settings: settings)
    let hops = WindowHop(classifier: incremental, frames: frames)
    let windows = WindowHop(classifier: network, frames: frames)
    (hop, oneShot) = Repetitions.inTurns(10 * Self.hops, { _ in hops.next() }, { _ in windows.next() })
    let live = LiveHop(classifier: incremental, sound: samples)
    whole = Repetitions(Self.hops) { live.next() }
  }
}
