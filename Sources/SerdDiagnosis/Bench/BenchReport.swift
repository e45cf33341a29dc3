import FoundationEssentials
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// What `serd bench` found: as a table for people, as one JSON object for machines (`Encodable`; times in
/// microseconds).
package struct BenchReport: Sendable {
  /// One thing that was timed.
  package struct Stage: Sendable {
    /// `path1`…`body5` for layers, else what the stage does.
    package let name: String
    /// Its heading.
    package let group: Group
    /// How long it takes.
    package let time: RepeatedTime
    /// Multiply-adds, taps in the padding not counted; 0 if it is not about products.
    package let multiplyAdds: Int

    package init(name: String, group: Group, time: RepeatedTime, multiplyAdds: Int) {
      self.name = name
      self.group = group
      self.time = time
      self.multiplyAdds = multiplyAdds
    }
  }

  /// The headings of the table.
  package enum Group: String, CaseIterable, Encodable, Sendable {
    case frontEnd = "front end"
    case network = "network, one window from scratch"
    case total = "in all"
  }

  /// The int8 kernels that ran.
  package struct Kernels: Sendable {
    package let instructionSet: InstructionSet
    /// Multiply-adds per second of a loop on registers alone.
    package let peak: Double

    package init(instructionSet: InstructionSet, peak: Double) {
      self.instructionSet = instructionSet
      self.peak = peak
    }
  }

  /// What the network that serves takes, in bytes.
  package struct Memory: Sendable {
    /// All activations, one block.
    package let activations: Int
    /// The packed weights and their tables.
    package let weights: Int

    package init(activations: Int, weights: Int) {
      self.activations = activations
      self.weights = weights
    }
  }

  /// One hop when listening to speech, in seconds.
  package struct Hop: Sendable {
    /// From one window to the next.
    package let length: Double
    /// Of work: features, gate, network.
    package let work: Double

    package init(length: Double, work: Double) {
      self.length = length
      self.work = work
    }
  }

  /// The model that was run.
  package let model: LoadedModel
  /// The front end's Fourier transform.
  package let transform: TransformKind
  package let kernels: Kernels
  package let memory: Memory
  /// Everything that was timed, in the order of the data's flow.
  package let stages: [Stage]
  package let hop: Hop

  package init(
    model: LoadedModel, transform: TransformKind, kernels: Kernels, memory: Memory, stages: [Stage], hop: Hop
  ) {
    self.model = model
    self.transform = transform
    self.kernels = kernels
    self.memory = memory
    self.stages = stages
    self.hop = hop
  }

  /// Share of one core that listening to uninterrupted speech takes; below 1 the machine keeps up.
  package var realTimeFactor: Double { hop.work / hop.length }
}

extension BenchReport: Encodable {
  private enum Key: String, CodingKey {
    case type, version, processor, cores, model, stages, transform
    case instructionSet = "instruction_set"
    case availableSets = "available_instruction_sets"
    case peak = "peak_gmac_s"
    case activationBytes = "activation_bytes"
    case weightBytes = "packed_weight_bytes"
    case hopSeconds = "hop_s"
    case realTimeFactor = "real_time_factor"
  }

  private struct ModelIdentity: Encodable {
    let name: String
    let sha256: String
    let window_s: Double
  }

  private struct StageObject: Encodable {
    let name: String
    let group: BenchReport.Group
    let median_us: Double
    let p90_us: Double
    let gmac_s: Double?
    let peak_share: Double?
  }

  /// Writes the object.
  package func encode(to encoder: any Encoder) throws {
    let processor = Processor()
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("bench", forKey: .type)
    try container.encode(Version.number, forKey: .version)
    try container.encode(processor.name, forKey: .processor)
    try container.encode(processor.cores, forKey: .cores)
    try container.encode(kernels.instructionSet.name, forKey: .instructionSet)
    try container.encode(InstructionSet.available.map(\.name), forKey: .availableSets)
    try container.encode(transform, forKey: .transform)
    try container.encode(significant(kernels.peak * 1e-9), forKey: .peak)
    try container.encode(memory.activations, forKey: .activationBytes)
    try container.encode(memory.weights, forKey: .weightBytes)
    try container.encode(hop.length, forKey: .hopSeconds)
    try container.encode(significant(realTimeFactor), forKey: .realTimeFactor)
    let description = model.model.description
    try container.encode(
      ModelIdentity(name: description.name, sha256: model.sha256, window_s: description.windowSeconds), forKey: .model)
    let objects = stages.map { stage in
      let speed = stage.multiplyAdds == 0 ? nil : Double(stage.multiplyAdds) / stage.time.median
      return StageObject(
        name: stage.name, group: stage.group, median_us: significant(stage.time.median * 1e6),
        p90_us: significant(stage.time.p90 * 1e6), gmac_s: speed.map { significant($0 * 1e-9) },
        peak_share: speed.map { significant($0 / kernels.peak) })
    }
    try container.encode(objects, forKey: .stages)
  }

  /// Four significant digits: more would be noise.
  private func significant(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return value }
    var (scale, unit) = (1.0, 1.0)
    while value * scale < 1000 { scale *= 10 }
    while value / unit >= 10000 { unit *= 10 }
    return (value * scale / unit).rounded() / scale * unit
  }
}
