import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// Times every stage of the live path on this machine, one after the other, on this thread.
///
/// Stages run alone and over and over, with their weights and buffers in the caches; live, once in half a second, they
/// find them colder. What the totals take is measured on its own and is no sum.
package struct Bench {
  private let model: LoadedModel
  private let transform: TransformKind
  private let network: Int8Network
  /// What serves when listening.
  private let incremental: IncrementalNetwork
  private let sound: [Float]
  private let frames: [Float]
  private var clock: BenchClock
  private static let hopFrames = WindowPipeline.defaultHopFrames

  /// - Parameters:
  ///   - instructionSet: whose kernels; it must be available.
  ///   - seconds: how long to measure, about; a slow machine takes longer, for a few repetitions of everything.
  package init(model: LoadedModel, transform: TransformKind, instructionSet: InstructionSet, seconds: Double) {
    self.model = model
    self.transform = transform
    let description = model.model.description
    network = Int8Network(model: model.model, instructionSet: instructionSet)
    incremental = IncrementalNetwork(model: model.model, instructionSet: instructionSet)
    let frameCount = description.windowFrames + 32 * Self.hopFrames
    sound = BenchSound(count: description.frontEnd.samples(inFrames: frameCount)).samples
    frames = FeatureStream.frames(of: sound, settings: description.frontEnd, transform: transform)
    clock = BenchClock(instructionSet: instructionSet, budget: seconds / 20)
  }

  /// Runs everything.
  package mutating func run() -> BenchReport {
    timeFrontEnd()
    timeNetwork()
    let workPerHop = timeTotals()
    let frontEnd = model.model.description.frontEnd
    return BenchReport(
      model: model, transform: transform,
      kernels: BenchReport.Kernels(instructionSet: network.instructionSet, peak: clock.peak),
      memory: BenchReport.Memory(activations: incremental.arenaByteCount, weights: incremental.weightByteCount),
      stages: clock.stages,
      hop: BenchReport.Hop(
        length: Double(Self.hopFrames * frontEnd.hop) / Double(frontEnd.sampleRate), work: workPerHop))
  }

  private mutating func timeFrontEnd() {
    let settings = model.model.description.frontEnd
    let mfcc = MFCC(settings: settings, transform: transform)
    var output = [Float](repeating: 0, count: settings.coefficients)
    let stream = FeatureStream(
      mfcc: MFCC(settings: settings, transform: transform), windowFrames: model.model.description.windowFrames)
    var gate = SpeechGate()
    sound.withUnsafeBufferPointer { sound in
      stream.push(sound) { _ in }
      let hop = UnsafeBufferPointer(rebasing: sound[..<(Self.hopFrames * settings.hop)])
      clock.time("one frame's coefficients", .frontEnd) { mfcc.process(frame: sound.baseAddress!, into: &output) }
      clock.time("a hop: \(Self.hopFrames) frames, level, gain", .frontEnd) {
        stream.push(hop) { _ in }
        _ = stream.window()
      }
    }
    frames.withUnsafeBufferPointer { frames in
      _ = clock.time("speech gate, a hop", .frontEnd) {
        for frame in 0..<Self.hopFrames {
          let row = frames[frame * settings.coefficients..<(frame + 1) * settings.coefficients]
          _ = gate.update(level: -20, cepstrum: UnsafeBufferPointer(rebasing: row))
        }
      }
    }
  }

  private mutating func timeNetwork() {
    let description = model.model.description
    var logits = [Float](repeating: 0, count: description.labels.count)
    frames.withUnsafeBufferPointer { frames in
      let window = FeatureWindow(of: frames, at: 0, for: description)
      _ = clock.time("gain, clip, to int8", .network) { network.quantise(window) }
    }
    for (index, shape) in description.layerShapes.enumerated() {
      let kernel = "\(shape.block.kernel.height)×\(shape.block.kernel.width)"
      let name = "\(shape.name): \(kernel), \(shape.inputChannels) → \(shape.block.channels)"
      clock.time(name, .network, multiplyAdds: shape.multiplyAddsInside) { network.run(layer: index) }
    }
    clock.time("dense, softmax", .network) {
      network.runHead(into: &logits)
      Softmax.apply(&logits)
    }
  }

  /// Returns the median of the last one, in seconds: all the work of a hop.
  private mutating func timeTotals() -> Double {
    let description = model.model.description
    let multiplyAdds = description.layerShapes.reduce(0) { $0 + $1.multiplyAddsInside }
    let window = WindowHop(classifier: network, frames: frames)
    clock.time("a window from scratch", .total, multiplyAdds: multiplyAdds) { window.next() }
    let hop = WindowHop(classifier: incremental, frames: frames)
    clock.time("a hop on, from the window before", .total) { hop.next() }
    let live = LiveHop(classifier: incremental, transform: transform, sound: sound)
    return clock.time("a hop, sound to probabilities", .total) { live.next() }
  }
}
