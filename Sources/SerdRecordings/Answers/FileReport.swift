import SerdConsole
import SerdNetwork
import SerdPipeline
import SerdSystem

/// The `--json` object for a file. The field names are a contract; new ones may be added.
package struct FileReport: Encodable {
  private let file: String
  private let result: FileResult
  private let model: LoadedModel

  /// A report on a file, named as the user named it.
  package init(file: String, result: FileResult, model: LoadedModel) {
    self.file = file
    self.result = result
    self.model = model
  }

  private enum Key: String, CodingKey {
    case file, speech, label, confidence, probabilities, windows, model
    case duration = "duration_s"
    case speechWindows = "speech_windows"
  }

  private struct ModelIdentity: Encodable {
    let name: String
    let sha256: String
  }

  /// Writes the object.
  package func encode(to encoder: any Encoder) throws {
    let labels = model.model.description.labels
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(FileName.isText(file) ? file : printable(file), forKey: .file)
    try container.encode(toFourDecimals(result.duration), forKey: .duration)
    try container.encode(result.best != nil, forKey: .speech)
    // Encoded as optionals: without speech the keys are there and null.
    try container.encode(result.best.map { labels[$0] }, forKey: .label)
    try container.encode(result.best.map { toFourDecimals(Double(result.probabilities![$0])) }, forKey: .confidence)
    try container.encode(result.probabilities.map { byLabel($0, labels) }, forKey: .probabilities)
    try container.encode(result.windows, forKey: .windows)
    try container.encode(result.speechWindows, forKey: .speechWindows)
    try container.encode(
      ModelIdentity(name: model.model.description.name, sha256: model.sha256), forKey: .model)
  }
}

/// The `--windows` line for one window.
package struct WindowReport: Encodable {
  private let result: WindowResult
  private let description: ModelDescription

  /// A report on one window of a model.
  package init(result: WindowResult, description: ModelDescription) {
    self.result = result
    self.description = description
  }

  private enum Key: String, CodingKey {
    case type, speech, label, confidence, probabilities
    case start = "start_s"
    case end = "end_s"
    case level = "level_dbfs"
    case speechRatio = "speech_ratio"
  }

  /// Writes the line's object.
  package func encode(to encoder: any Encoder) throws {
    let best = result.probabilities.flatMap { p in p.indices.max { p[$0] < p[$1] } }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("window", forKey: .type)
    try container.encode(toFourDecimals(result.start), forKey: .start)
    try container.encode(toFourDecimals(result.start + description.windowSeconds), forKey: .end)
    try container.encode(best != nil, forKey: .speech)
    try container.encode(best.map { description.labels[$0] }, forKey: .label)
    try container.encode(best.map { toFourDecimals(Double(result.probabilities![$0])) }, forKey: .confidence)
    try container.encode(result.probabilities.map { byLabel($0, description.labels) }, forKey: .probabilities)
    try container.encode((Double(result.level) * 10).rounded() / 10, forKey: .level)
    try container.encode(toFourDecimals(result.openShare), forKey: .speechRatio)
  }
}

private func byLabel(_ probabilities: [Float], _ labels: [String]) -> [String: Double] {
  Dictionary(uniqueKeysWithValues: zip(labels, probabilities.map { toFourDecimals(Double($0)) }))
}

/// Four decimals: more would be noise.
func toFourDecimals(_ value: Double) -> Double { (value * 10000).rounded() / 10000 }
