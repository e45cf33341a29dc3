import FoundationEssentials
import SerdNetwork
import SerdPipeline

/// What `serd bench` found: as a table for people, as one JSON object for machines (`Encodable`; times in microseconds).
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

  /// The instruction set of the kernels.
  package let instructionSet: InstructionSet
  /// Multiply-adds per second of a loop on registers alone.
  package let peak: Double
  /// The model that was run.
  package let model: LoadedModel
  /// Bytes of all activations of the network that serves, one block.
  package let activationBytes: Int
  /// Bytes of its packed weights and their tables.
  package let weightBytes: Int
  /// Everything that was timed, in the order of the data's flow.
  package let stages: [Stage]
  /// Seconds from one window to the next.
  package let hopSeconds: Double
  /// Seconds of work per hop when listening to speech: features, gate, network.
  package let workPerHop: Double

  package init(
    instructionSet: InstructionSet, peak: Double, model: LoadedModel, activationBytes: Int, weightBytes: Int,
    stages: [Stage], hopSeconds: Double, workPerHop: Double
  ) {
    self.instructionSet = instructionSet
    self.peak = peak
    self.model = model
    self.activationBytes = activationBytes
    self.weightBytes = weightBytes
    self.stages = stages
    self.hopSeconds = hopSeconds
    self.workPerHop = workPerHop
  }

  /// Share of one core that listening to uninterrupted speech takes; below 1 the machine keeps up.
  package var realTimeFactor: Double { workPerHop / hopSeconds }
}

extension BenchReport: Encodable {
  private enum Key: String, CodingKey {
    case type, version, processor, cores, model, stages
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
    try container.encode(instructionSet.name, forKey: .instructionSet)
    try container.encode(InstructionSet.available.map(\.name), forKey: .availableSets)
    try container.encode(significant(peak * 1e-9), forKey: .peak)
    try container.encode(activationBytes, forKey: .activationBytes)
    try container.encode(weightBytes, forKey: .weightBytes)
    try container.encode(hopSeconds, forKey: .hopSeconds)
    try container.encode(significant(realTimeFactor), forKey: .realTimeFactor)
    let description = model.model.description
    try container.encode(
      ModelIdentity(name: description.name, sha256: model.sha256, window_s: description.windowSeconds), forKey: .model)
    let objects = stages.map { stage in
      let speed = stage.multiplyAdds == 0 ? nil : Double(stage.multiplyAdds) / stage.time.median
      return StageObject(
        name: stage.name, group: stage.group, median_us: significant(stage.time.median * 1e6),
        p90_us: significant(stage.time.p90 * 1e6), gmac_s: speed.map { significant($0 * 1e-9) },
        peak_share: speed.map { significant($0 / peak) })
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
