import SerdAudio
import SerdNetwork
import SerdPipeline
import SerdProtocol

// What the pipeline and the microphone say, as the protocol says it.

extension Hello {
  /// What a daemon with this model says of itself; `hop` in seconds.
  package init(model: LoadedModel, hop: Double) {
    let description = model.model.description
    self.init(
      program: Version.text,
      model: Model(
        name: description.name, sha256: model.sha256, corpora: description.provenance.corpora,
        terms: description.provenance.terms), labels: description.labels,
      window: description.windowSeconds, hop: hop)
  }
}

extension WindowEvent {
  /// A window of the pipeline, its labels named, heard from `start` to `end`.
  package init(_ window: WindowResult, labels: [String], start: Timestamp, end: Timestamp) {
    self.init(
      startSeconds: window.start, start: start, end: end, labels: labels, probabilities: window.probabilities,
      level: Double(window.level), speechRatio: window.openShare)
  }
}

extension StateEvent.Device {
  /// A device in a condition.
  package init(name: String, condition: DeviceCondition) {
    switch condition {
    case .capturing: self.init(name: name, condition: Self.capturing, reason: nil)
    case .waiting(let reason):
      self.init(name: name, condition: reason.obstacle.rawValue, reason: reason.description)
    }
  }

  /// All conditions that there are.
  static let conditions = [capturing] + DeviceCondition.Obstacle.allCases.map(\.rawValue)
}
