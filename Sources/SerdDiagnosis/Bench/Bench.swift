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
  private let network: BenchNetwork
  private let sound: [Float]
  private let frames: [Float]
  private var clock: BenchClock
  private let hopFrames: Int

  /// - Parameters:
  ///   - instructionSet: whose kernels; it must be available.
  ///   - seconds: how long to measure, about; a slow machine takes longer, for a few repetitions of everything.
  package init(model: LoadedModel, transform: TransformKind, instructionSet: InstructionSet, seconds: Double) {
    self.model = model
    self.transform = transform
    let description = model.model.description
    hopFrames = description.hopFrames
    network = BenchNetwork(model.model, instructionSet: instructionSet, transform: transform)
    let frameCount = description.windowFrames + 32 * hopFrames
    sound = BenchSound(count: description.frontEnd.samples(inFrames: frameCount)).samples
    frames = FeatureStream.frames(of: sound, settings: description.frontEnd, transform: transform)
    clock = BenchClock(instructionSet: instructionSet, budget: seconds / 20)
  }

  /// Runs everything.
  package mutating func run() -> BenchReport {
    timeFrontEnd()
    network.time(frames: frames, sound: sound, on: &clock)
    let live = LiveHop(classifier: network.serving, transform: transform, sound: sound)
    let workPerHop = clock.time("a hop, sound to probabilities", .total) { live.next() }
    let frontEnd = model.model.description.frontEnd
    return BenchReport(
      model: model, transform: transform,
      kernels: BenchReport.Kernels(instructionSet: clock.instructionSet, peak: clock.peak),
      memory: network.memory,
      stages: clock.stages,
      hop: BenchReport.Hop(
        length: Double(hopFrames * frontEnd.hop) / Double(frontEnd.sampleRate), work: workPerHop))
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
      let hop = UnsafeBufferPointer(rebasing: sound[..<(hopFrames * settings.hop)])
      clock.time("one frame's coefficients", .frontEnd) { mfcc.process(frame: sound.baseAddress!, into: &output) }
      clock.time("a hop: \(hopFrames) frames, level, gain", .frontEnd) {
        stream.push(hop) { _ in }
        _ = stream.window()
      }
    }
    frames.withUnsafeBufferPointer { frames in
      _ = clock.time("speech gate, a hop", .frontEnd) {
        for frame in 0..<hopFrames {
          let row = frames[frame * settings.coefficients..<(frame + 1) * settings.coefficients]
          _ = gate.update(level: -20, cepstrum: UnsafeBufferPointer(rebasing: row))
        }
      }
    }
  }
}
