import CAllocationCounter
import SerdAudio
import SerdDetection
import SerdDiagnosis
import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdSystem
import SerdTestKit

/// A stage of the path from samples to decisions, fed with a recording hop by hop, over and over.
struct Probe {
  enum Stage: String {
    case frontEnd = "front-end"
    case window
    case hop
    case live
    case detection
    case encoder
    case microphone
  }

  /// As `SERD_TRANSFORM` says.
  static let transform = Environment[TransformKind.variable].flatMap(TransformKind.init) ?? .default

  /// What some hops did.
  struct Tally {
    var hops = 0
    var windows = 0
    /// Hops in which sound was lost, which do not count: the next sound has a resampler of its own.
    var interruptions = 0
    /// Emotions that began or ended.
    var decisions = 0
    /// Before the hops that count: to load, and to warm up. More than none, or the counter does not count.
    var allocationsBefore: Int64 = 0
    var allocations: Int64 = 0
    /// Keeps the answers in use, so that nothing is optimised away.
    var sum: Float = 0

    var text: String {
      "counted=\(allocation_counter_works()) hops=\(hops) windows=\(windows) decisions=\(decisions) "
        + "before=\(allocationsBefore) allocations=\(allocations) sum=\(sum)"
    }
  }

  private let samples: [Float]
  private let runner: any HopRunner
  /// Samples per hop.
  private let chunk: Int
  private var position = 0
  private let hops: Int
  /// A window fills, and some more.
  private let warmUpHops: Int

  /// - Parameter sound: as long as may be; it is repeated.
  init(model: Model, sound: [Float], stage: Stage, hops: Int) throws {
    chunk = model.description.frontEnd.hop * model.description.hopFrames
    self.hops = hops
    warmUpHops = model.description.windowSamples / chunk + 3
    // Just enough, without a jump back to the start, after which nothing could be reused.
    let count = (warmUpHops + hops) * chunk + model.description.windowSamples
    let copies = count / sound.count + 1
    samples = Array(repeatElement(sound, count: copies).joined().prefix(count))
    runner =
      switch stage {
      case .frontEnd: FrontEndRunner(model: model)
      case .window: NetworkRunner(Int8Network(model: try model.lightSERNet()), samples: samples)
      case .hop: NetworkRunner(IncrementalNetwork(model: try model.lightSERNet()), samples: samples)
      case .live: PipelineRunner(model: model)
      case .detection: DetectionRunner(model: model)
      case .encoder: try EncoderRunner(windowSamples: chunk)
      case .microphone: preconditionFailure("a microphone brings its own sound")
      }
  }

  /// From a microphone to samples at the pipeline's rate; allocations are those of all threads.
  init(device: String, hops: Int) throws {
    (chunk, samples, self.hops, warmUpHops) = (0, [], hops, 5)
    runner = try MicrophoneRunner(device: device)
  }

  /// All of a sound file.
  static func samples(ofFile path: String) throws -> [Float] {
    let source = try FileSource(path: path)
    var samples: [Float] = []
    while case let more = try source.read(16000), !more.isEmpty { samples += more }
    return samples
  }

  /// Warms up, then runs the hops that count.
  mutating func run(trap: Bool) -> Tally {
    var warmUp = Tally()
    while warmUp.hops < warmUpHops { feed(&warmUp) }
    var tally = Tally()
    tally.allocationsBefore = allocation_count()
    allocation_trap(trap)
    while tally.hops < hops { feed(&tally) }
    allocation_trap(false)
    return tally
  }

  private mutating func feed(_ tally: inout Tally) {
    let before = allocation_count()
    let interruptions = tally.interruptions
    samples.withUnsafeBufferPointer {
      runner.hop(UnsafeBufferPointer(rebasing: $0[position..<position + chunk]), &tally)
    }
    guard tally.interruptions == interruptions else { return }
    tally.allocations += allocation_count() - before
    tally.hops += 1
    position += chunk
  }
}

/// One stage.
protocol HopRunner: AnyObject {
  /// Takes the next hop's samples.
  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally)
}

/// Samples to windows of features.
private final class FrontEndRunner: HopRunner {
  private let stream: FeatureStream

  init(model: Model) {
    stream = FeatureStream(
      mfcc: MFCC(settings: model.description.frontEnd, transform: Probe.transform),
      windowFrames: model.description.windowFrames)
  }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    stream.push(samples) { _ in }
    guard stream.hasWindow else { return }
    tally.sum += stream.window().coefficients[0]
    tally.windows += 1
  }
}

/// Windows of features, computed beforehand, to probabilities.
private final class NetworkRunner: HopRunner {
  private let windows: WindowHop

  init(_ classifier: any WindowClassifier, samples: [Float]) {
    let frames = FeatureStream.frames(of: samples, settings: classifier.description.frontEnd)
    windows = WindowHop(classifier: classifier, frames: frames)
  }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    windows.next()
    tally.sum += windows.probabilities[0]
    tally.windows += 1
  }
}

/// Samples to log-mel and pooled features, by an encoder of random weights. A hop is a window.
private final class EncoderRunner: HopRunner {
  private let mel = LogMel(transform: Probe.transform)
  private let encoder: Int8Encoder
  private let count: Int
  private let frames: UnsafeMutablePointer<Float>
  private let features: UnsafeMutablePointer<Float>

  init(windowSamples: Int) throws {
    count = LogMel.frames(inSamples: windowSamples)
    encoder = Int8Encoder(try .random(EncoderShape(width: 64, heads: 2, blocks: 2)), frames: count)
    frames = .allocate(capacity: count * LogMel.bands)
    features = .allocate(capacity: encoder.shape.pooledCount)
  }

  deinit {
    frames.deallocate()
    features.deallocate()
  }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    for frame in 0..<count {
      mel.process(frame: samples.baseAddress! + frame * LogMel.hop, into: frames + frame * LogMel.bands)
    }
    encoder.pool(frames, count: count, offset: 0, into: features)
    tally.sum += features[0]
    tally.windows += 1
  }
}

/// Samples to probabilities, speech gate included.
private final class PipelineRunner: HopRunner {
  private let pipeline: WindowPipeline

  init(model: Model) {
    pipeline = WindowPipeline(classifier: model.makeClassifier(), transform: Probe.transform)
  }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    pipeline.push(samples) { window in
      guard let probabilities = window.probabilities else { return }
      tally.windows += 1
      tally.sum += probabilities[0]
    }
  }
}

/// Captures, converts and resamples: a hop is as much sound as a hop of the others.
private final class MicrophoneRunner: HopRunner {
  private let source: MicrophoneSource
  private let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4096)

  init(device: String) throws { source = try MicrophoneSource(device: device) }

  deinit { buffer.deallocate() }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    var left = 8192
    var isWhole = true
    while left > 0 {
      switch source.next(into: buffer, timeout: .seconds(1)) {
      case .samples(let count, _):
        left -= count
        tally.sum += buffer[0]
      case .gap:
        // This machine was too busy. Some more sound, until all is as it was.
        left = 3 * 8192
        isWhole = false
      default: break
      }
    }
    if isWhole { tally.windows += 1 } else { tally.interruptions += 1 }
  }
}

/// Samples to emotions that begin and end: all that happens per hop but for making events of it.
private final class DetectionRunner: HopRunner {
  private let pipeline: WindowPipeline
  private let windowSeconds: Double
  private var tracker: EmotionTracker

  init(model: Model) {
    pipeline = WindowPipeline(classifier: model.makeClassifier(), transform: Probe.transform)
    windowSeconds = model.description.windowSeconds
    // Every label is an emotion as soon as it is the likeliest: decisions all the time.
    let labels = model.description.labels.map { _ in EmotionTracker.Label(begin: 0.01, end: 0.01, isReported: true) }
    var settings = EmotionTracker.Settings()
    (settings.minimumTime, settings.refractoryTime, settings.smoothingTime) = (0, 0, 0.1)
    (settings.leastSpeech, settings.largestNovelty) = (0, .infinity)
    tracker = EmotionTracker(settings: settings, labels: labels, windowSeconds: windowSeconds)
  }

  func hop(_ samples: UnsafeBufferPointer<Float>, _ tally: inout Probe.Tally) {
    pipeline.push(samples) { window in
      guard window.probabilities != nil else { return }
      tally.windows += 1
      let decisions = tracker.update(
        Hop(
          end: window.start + windowSeconds, probabilities: window.probabilities, level: window.level,
          speechRatio: window.openShare, novelty: window.novelty ?? 0))
      note(decisions.ended, &tally)
      note(decisions.began, &tally)
      // Whatever the model hears, emotions end and begin again.
      if tally.windows % 4 == 0 { note(tracker.close(at: window.start + windowSeconds), &tally) }
    }
  }

  private func note(_ decision: EmotionDecision?, _ tally: inout Probe.Tally) {
    guard let decision else { return }
    tally.decisions += 1
    tally.sum += decision.confidence
  }
}
