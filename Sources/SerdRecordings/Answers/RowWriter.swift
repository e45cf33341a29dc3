import SerdConsole
import SerdNetwork
import SerdPipeline
import SerdSystem

/// The lines of `serd classify`: one for each recording, or for each window. Names are escaped, so that a line is a
/// line.
package struct RowWriter: Sendable {
  /// How they are written.
  package enum Form: Sendable {
    /// For people.
    case text
    /// RFC 4180, but with line feeds; the first line has the names of the columns.
    case csv
    /// An object a line: that of `serd --once --json`, with the emotions.
    case json
  }

  /// The form.
  package let form: Form
  /// Whether there is a line for each window.
  package let windows: Bool
  private let model: LoadedModel
  private var labels: [String] { model.model.description.labels }

  package init(_ form: Form, windows: Bool, model: LoadedModel) {
    self.form = form
    self.windows = windows
    self.model = model
  }

  /// What comes before all lines.
  package var header: String {
    guard form == .csv else { return "" }
    let answer = ["speech", "label", "confidence"] + labels
    let columns =
      windows
      ? ["file", "start_s", "end_s"] + answer + ["level_dbfs", "speech_ratio", "error"]
      : ["file", "duration_s"] + answer + ["windows", "speech_windows", "error"]
    return Self.line(columns)
  }

  /// The columns that hold numbers and words about a recording, for one that cannot be heard: empty.
  private var emptyColumns: Int { header.split(separator: ",").count - 2 }

  /// What a recording is called in a line.
  package func shown(_ file: String) -> String {
    form == .json && FileName.isText(file) ? file : printable(file)
  }

  /// The checksum of the model, as lines of JSON have it.
  var modelDigest: String { model.sha256 }

  /// The lines for a recording.
  package func lines(_ heard: HeardRecording) -> String {
    switch (form, windows) {
    case (.text, _): text(heard)
    case (.csv, false): recording(heard)
    case (.csv, true): heard.windows.map { window($0, of: heard) }.joined()
    case (.json, false): RecordingReport(heard, model: model).jsonLine()
    case (.json, true):
      heard.windows.map {
        NamedWindowReport(
          file: shown(heard.file), report: WindowReport(result: $0, description: model.model.description)
        ).jsonLine()
      }.joined() + RecordingReport(heard, model: model).jsonLine()
    }
  }

  /// The line for a recording that cannot be heard, and why.
  package func line(_ file: String, problem: String) -> String {
    switch form {
    case .text: "\(TextTable.fitted("error", Self.labelWidth + 28))  \(shown(file)): \(problem)\n"
    case .csv: Self.line([shown(file)] + Array(repeating: "", count: emptyColumns) + [problem])
    case .json: FaultReport(file: shown(file), error: problem).jsonLine()
    }
  }

  private static let labelWidth = 12

  private func text(_ heard: HeardRecording) -> String {
    let result = heard.result
    var label = "no speech"
    var confidence = ""
    if let best = result.best {
      label = labels[best]
      confidence = "\(Self.percent(Double(result.probabilities![best])))"
    }
    let share = Self.percent(Double(result.speechWindows) / Double(max(1, result.windows)))
    let columns = [
      TextTable.fitted(label, Self.labelWidth), TextTable.right(confidence, 5), "speech " + TextTable.right(share, 5),
      TextTable.right(result.duration.decimals(1), 8) + " s", shown(heard.file),
    ]
    return columns.joined(separator: "  ") + "\n"
  }

  private static func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }

  private func recording(_ heard: HeardRecording) -> String {
    let result = heard.result
    return Self.line(
      [shown(heard.file), Self.number(result.duration)] + answer(result.probabilities)
        + ["\(result.windows)", "\(result.speechWindows)", ""])
  }

  private func window(_ window: WindowResult, of heard: HeardRecording) -> String {
    let end = window.start + model.model.description.windowSeconds
    return Self.line(
      [shown(heard.file), Self.number(window.start), Self.number(end)] + answer(window.probabilities)
        + [Double(window.level).decimals(1), Self.number(window.openShare), ""])
  }

  private func answer(_ probabilities: [Float]?) -> [String] {
    guard let probabilities, let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else {
      return ["false", "", ""] + labels.map { _ in "" }
    }
    let numbers = probabilities.map { Self.number(Double($0)) }
    return ["true", labels[best], numbers[best]] + numbers
  }

  /// Four decimals: more would be noise.
  private static func number(_ value: Double) -> String { toFourDecimals(value).decimals(4) }

  private static func line(_ fields: [String]) -> String {
    let quoted = fields.map { field in
      let isPlain = !field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
    }
    return quoted.joined(separator: ",") + "\n"
  }
}
