import Glibc
import SerdConsole
import SerdPipeline
import SerdRecordings
import SerdSystem

/// `serd --once`: one file through the pipeline, one answer.
struct Once {
  let file: String
  let settings: HearingSettings
  let json: Bool
  let windows: Bool

  func run() throws {
    let description = settings.model.model.description
    var progress = ProgressLine()
    let settings = settings
    let crew = ClassifierCrew(helpers: Processors.usable - 1) { settings.makeClassifier() }
    defer { crew.close() }
    let worker = RecordingWorker(settings: settings, crew: crew)
    let heard = try worker.hear(file, keepingWindows: !json) { window, duration in
      if windows {
        progress.clear()
        try Output.write(WindowReport(result: window, description: description).jsonLine())
      }
      progress.update { progressText(window.start, of: duration, $0) }
    }
    progress.clear()
    for remark in heard.remarks { Output.warn(remark.description) }
    if json { return try Output.write(FileReport(file: file, result: heard.result, model: settings.model).jsonLine()) }
    let summary = FileSummary(labels: description.labels, isTerminal: isatty(STDOUT_FILENO) == 1)
    try Output.write(summary.text(heard, seconds: progress.seconds))
  }

  private func progressText(_ seconds: Double, of duration: Double?, _ progress: ProgressLine) -> String {
    let heard = "\(TextTable.seconds(seconds)) heard"
    guard let duration, duration > 0 else { return heard }
    return "\(heard) of \(TextTable.seconds(duration)), \(progress.left(share: min(1, seconds / duration)))"
  }
}
