import SerdConsole
import SerdPipeline
import SerdSystem

/// What a person wants to see of a classified file: the emotion, a bar per class, a timeline for longer files.
package struct FileSummary {
  private static let barWidth = 30
  private static let timelineWidth = 60
  /// A longer recording is told by its emotions, too: their mean says little of it. In seconds.
  private static let long = 30.0
  /// In colour only on a terminal.
  private let isTerminal: Bool
  private let labels: [String]

  /// A summary in a model's labels.
  package init(labels: [String], isTerminal: Bool) {
    self.labels = labels
    self.isTerminal = isTerminal
  }

  /// The text for a recording with all its windows; `seconds` is the time that it took.
  package func text(_ heard: HeardRecording, seconds: Double) -> String {
    let (file, result, windows) = (heard.file, heard.result, heard.windows)
    guard let best = result.best, let probabilities = result.probabilities else {
      let level = windows.map(\.level).max() ?? -200
      let heard = level < -60 ? "it is silent" : "it is steady sound or too short"
      return
        "\(strong("no speech"))  \(printable(file)): \(heard) (\(decimals(result.duration)) s, level \(Int(level.rounded())) dBFS)\n"
    }
    var text = "\(strong(labels[best]))  \(percent(probabilities[best]))  \(printable(file))\n\n"
    for index in labels.indices.sorted(by: { probabilities[$0] > probabilities[$1] }) {
      text += bar(labels[index], probabilities[index])
    }
    if result.windows > 1 { text += "\n" + timeline(windows, duration: result.duration) }
    if result.duration >= Self.long { text += "\n" + emotions(heard) }
    let speed = Int((result.duration / max(seconds, 1e-4)).rounded())
    text += "\n\(decimals(result.duration)) s of sound, \(result.speechWindows) of \(result.windows) "
    text +=
      "window\(result.windows == 1 ? "" : "s") with speech, in \(Int((seconds * 1000).rounded(.up))) ms (\(speed) × real time)\n"
    return text
  }

  /// When each emotion was heard.
  private func emotions(_ heard: HeardRecording) -> String {
    guard !heard.emotions.isEmpty else { return "  No emotion was heard for long enough to be told.\n" }
    let rows = heard.emotions.map { (clock($0.start.rounded(.down)), clock($0.end.rounded(.down)), $0) }
    let timeWidth = rows.map { $0.1.count }.max() ?? 0
    let width = labels.map(\.count).max() ?? 0
    return rows.map { start, end, emotion in
      let times = "\(padded(start, timeWidth, left: true)) to \(padded(end, timeWidth, left: true))"
      return "  \(times)  \(padded(emotion.label, width))  \(percent(Float(emotion.confidence)))\n"
    }.joined()
  }

  private func bar(_ label: String, _ probability: Float) -> String {
    let eighths = Int((Double(probability) * Double(Self.barWidth) * 8).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let bar = String(repeating: "█", count: eighths / 8) + partial
    let width = labels.map(\.count).max() ?? 0
    return "  \(padded(label, width))  \(padded(bar, Self.barWidth)) \(percent(probability))\n"
  }

  /// One letter per column: the label that most windows starting there have; a dot where there was no speech.
  private func timeline(_ windows: [WindowResult], duration: Double) -> String {
    let columns = min(Self.timelineWidth, windows.count)
    var strip = ""
    for column in 0..<columns {
      let part = windows[column * windows.count / columns..<(column + 1) * windows.count / columns]
      var sums = [Float](repeating: 0, count: labels.count)
      for window in part { for (i, p) in (window.probabilities ?? []).enumerated() { sums[i] += p } }
      let best = sums.indices.max { sums[$0] < sums[$1] }!
      strip += sums[best] > 0 ? letters[best] : "·"
    }
    let legend = zip(letters, labels).map { "\($0) \($1)" }.joined(separator: ", ")
    return "  0 s \(strip) \(decimals(duration)) s\n  (\(legend), · no speech)\n"
  }

  /// Capital initials, followed by other letters of the label where initials coincide.
  private var letters: [String] {
    var used: Set<Character> = []
    return labels.map { label in
      let candidates = Array(label.uppercased()) + Array("0123456789")
      let letter = candidates.first { !used.contains($0) } ?? "?"
      used.insert(letter)
      return String(letter)
    }
  }

  private func strong(_ text: String) -> String { isTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func percent(_ value: Float) -> String { padded("\(Int((value * 100).rounded()))", 3, left: true) + " %" }
  private func decimals(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
  private func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? space + text : text + space
  }
}
