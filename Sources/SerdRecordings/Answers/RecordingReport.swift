import SerdPipeline

/// The object of `serd --once --json` with the emotions of the recording.
struct RecordingReport: Encodable {
  private let report: FileReport
  private let emotions: [Emotion]

  private struct Emotion: Encodable {
    let label: String
    let confidence: Double
    let start: Double
    let end: Double

    enum CodingKeys: String, CodingKey {
      case label, confidence
      case start = "start_s"
      case end = "end_s"
    }
  }

  private enum Key: CodingKey {
    case emotions
  }

  init(_ heard: HeardRecording, model: LoadedModel) {
    report = FileReport(file: heard.file, result: heard.result, model: model)
    emotions = heard.emotions.map {
      Emotion(
        label: $0.label, confidence: toFourDecimals($0.confidence), start: toFourDecimals($0.start),
        end: toFourDecimals($0.end))
    }
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(emotions, forKey: .emotions)
  }
}

/// A window's line with the name of its recording.
struct NamedWindowReport: Encodable {
  let file: String
  let report: WindowReport

  private enum Key: CodingKey {
    case file
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(file, forKey: .file)
  }
}

/// The line of a recording that cannot be heard.
struct FaultReport: Encodable {
  let file: String
  let error: String
}
