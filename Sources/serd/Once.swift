import Glibc
import SerdAudio
import SerdConsole
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdRecordings

/// `serd --once`: one file through the pipeline, one answer.
struct Once {
  let file: String
  let model: LoadedModel
  let channel: ChannelChoice
  let transform: TransformKind
  let json: Bool
  let windows: Bool

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let source = try FileSource(path: file, channel: channel)
    let description = model.model.description
    var seen: [WindowResult] = []
    let classifier = FileClassifier(classifier: model.model.makeClassifier(), transform: transform)
    let result = try classifier.classify(source) { window in
      if windows { try Output.write(WindowReport(result: window, description: description).jsonLine()) }
      if !json { seen.append(window) }
    }
    for remark in source.remarks { Output.warn(remark.description) }
    if json { return try Output.write(FileReport(file: file, result: result, model: model).jsonLine()) }
    let seconds = Double((clock.now - start) / .nanoseconds(1)) / 1e9
    let summary = FileSummary(labels: description.labels, isTerminal: isatty(STDOUT_FILENO) == 1)
    try Output.write(summary.text(file: file, result: result, windows: seen, seconds: seconds))
  }
}
