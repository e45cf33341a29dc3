import SerdConsole
import SerdNetwork
import SerdPipeline
import SerdSystem

/// A recording to look at, as one HTML file: no script, no network, pictures as inline SVG, and the emotions as a
/// table, too. Every curve has a row and a name of its own, so that nothing is told by colour alone.
package struct RecordingPage {
  /// What tells a page of ours from others.
  static let mark = "<meta name=\"generator\" content=\"serd\">"

  private let heard: HeardRecording
  private let outline: SoundOutline
  private let model: ModelDescription
  /// What the page plays: a name beside it, or the sound itself.
  private let sound: String

  /// - Parameter sound: a URL.
  package init(_ heard: HeardRecording, outline: SoundOutline, model: ModelDescription, sound: String) {
    self.heard = heard
    self.outline = outline
    self.model = model
    self.sound = sound
  }

  private var duration: Double { heard.result.duration }
  private var labels: [String] { model.labels }
  private var name: String { printable(String(heard.file.split(separator: "/").last ?? "recording")) }

  /// The file's text.
  package var text: String {
    let pictures = [
      ("Emotions", emotions.svg(id: "emotions")), ("Waveform", waveform.svg(id: "waveform")),
      ("Speech and level", speech.svg(id: "speech")),
      ("Probabilities, each from 0 to 100 %", probabilities.svg(id: "probabilities")),
    ]
    let figures = pictures.map { "<figure><h2>\($0)</h2><div class=\"scroll\">\($1)</div></figure>" }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(Self.mark)
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; media-src 'self' file: data:">
      <title>\(name.escaped): how it sounds</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <main>
      <h1>\(name.escaped)</h1>
      <p class="answer">\(answer)</p>
      <audio controls preload="metadata" src="\(sound.escaped)"></audio>
      \(figures.joined(separator: "\n"))
      <section><h2>Emotions in a table</h2>
      \(table)</section>
      <p class="small">Heard by serd \(Version.number.escaped) with the model \(model.name.escaped). A label says what the
      speech sounds most like among the recordings that the model learned from. It does not say what a person feels.</p>
      </main>
      </body>
      </html>

      """
  }

  private var answer: String {
    let result = heard.result
    guard let best = result.best, let probability = result.probabilities?[best] else {
      return "No speech was heard in \(TextTable.seconds(duration))."
    }
    let share = Double(result.speechWindows) / Double(max(1, result.windows))
    return """
      <b>\(labels[best].escaped) \(Self.percent(Double(probability)))</b> over all of it; \(TextTable.seconds(duration)) long, \
      speech in \(Self.percent(share)) of the windows.
      """
  }

  private var table: String {
    guard !heard.emotions.isEmpty else { return "<p>No emotion was heard for long enough to be told.</p>" }
    let rows = heard.emotions.map {
      "<tr><td>\(clock($0.start, tenths: true))</td><td>\(clock($0.end, tenths: true))</td><td>\($0.label.escaped)</td><td>\(Self.percent($0.confidence))</td></tr>"
    }
    return """
      <div class="scroll"><table><thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">emotion</th>\
      <th scope="col">probability</th></tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      """
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

// The pictures.
extension RecordingPage {
  private static let rowHeight = 26.0

  /// A row for each label that makes emotions in this recording, or one that says there are none.
  private var emotions: TimePicture {
    let found = labels.filter { label in heard.emotions.contains { $0.label == label } }
    let words =
      heard.emotions.isEmpty
      ? "No emotion was heard for long enough to be told."
      : heard.emotions.prefix(20).map { "\($0.label) from \(clock($0.start)) to \(clock($0.end))" }
        .joined(separator: ", ") + (heard.emotions.count > 20 ? ", and more in the table." : ".")
    var picture = TimePicture(
      title: "When each emotion was heard", summary: words, height: Self.rowHeight * Double(max(1, found.count)),
      duration: duration)
    if found.isEmpty { picture.text(TimePicture.left + 8, 18, "none for long enough to be told", "tick") }
    for (row, label) in found.enumerated() {
      let y = Self.rowHeight * Double(row)
      picture.name(label, at: y + 18)
      for emotion in heard.emotions where emotion.label == label {
        let name = "\(emotion.caption), \(clock(emotion.start)) to \(clock(emotion.end))"
        picture.rectangle(emotion.start, emotion.end, y + 4, Self.rowHeight - 8, "band", name)
      }
    }
    return picture
  }

  private var waveform: TimePicture {
    let height = 110.0
    let peak = outline.stretches.reduce(Float(1e-4)) { max($0, abs($1.low), abs($1.high)) }
    let decibels = Double(levelOf(peak))
    var picture = TimePicture(
      title: "Waveform",
      summary: "The sound over \(TextTable.seconds(duration)); its peak is \(decibels.decimals(1)) dBFS.",
      height: height, duration: duration)
    let seconds = Double(outline.samplesPerStretch) / 16_000
    func y(_ sample: Float) -> Double { height / 2 - Double(sample / peak) * (height / 2 - 4) }
    let tops = outline.stretches.enumerated().map { (picture.x((Double($0) + 0.5) * seconds), y($1.high)) }
    let bottoms = outline.stretches.enumerated().map { (picture.x((Double($0) + 0.5) * seconds), y($1.low)) }
    picture.path(tops + bottoms.reversed(), closed: true, "wave")
    picture.name("\(decibels.decimals(0)) dBFS", at: 14)
    return picture
  }

  /// The gate's share of each window, and its level.
  private var speech: TimePicture {
    let (gate, height) = (Self.rowHeight, 130.0)
    let columns = columns
    let spoken = columns.filter { $0.probabilities != nil }.count
    let levels = columns.map(\.level).filter { $0 > -100 }
    let range = "\(Int(levels.min() ?? -100)) to \(Int(levels.max() ?? -100)) dBFS"
    var picture = TimePicture(
      title: "Speech and level over time",
      summary:
        "Speech in \(Self.percent(Double(spoken) / Double(max(1, columns.count)))) of the time; the level goes from \(range).",
      height: height, duration: duration)
    picture.name("speech", at: 18)
    for stretch in columns.split(whereSeparator: { $0.probabilities == nil }) {
      let (start, end) = (stretch.first!.start, stretch.last!.end)
      picture.rectangle(start, end, 4, gate - 8, "band", "speech, \(clock(start)) to \(clock(end))")
    }
    func y(_ level: Double) -> Double { gate + 16 + (height - gate - 20) * min(1, max(0, -level / 80)) }
    for level in [0.0, -40, -80] {
      picture.line(TimePicture.left, y(level), picture.x(duration), y(level), "grid")
      picture.name("\(Int(level)) dBFS", at: y(level) + 4)
    }
    picture.path(columns.map { (picture.x(($0.start + $0.end) / 2), y(Double($0.level))) }, closed: false, "curve")
    return picture
  }

  /// A row for each label.
  private var probabilities: TimePicture {
    let row = 44.0
    let columns = columns
    var best: [Int: Int] = [:]
    for column in columns {
      guard let p = column.probabilities, let index = p.indices.max(by: { p[$0] < p[$1] }) else { continue }
      best[index, default: 0] += 1
    }
    let order = best.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3).map { labels[$0.key] }
    var picture = TimePicture(
      title: "Probability of each label over time",
      summary: order.isEmpty ? "No speech." : "Most often the likeliest: \(order.joined(separator: ", ")).",
      height: row * Double(labels.count), duration: duration)
    for (index, label) in labels.enumerated() {
      let base = row * Double(index + 1) - 3
      picture.name(label, at: base - row / 2 + 8)
      picture.line(TimePicture.left, base, picture.x(duration), base, "grid")
      for stretch in columns.split(whereSeparator: { $0.probabilities == nil }) {
        let points = stretch.flatMap { column -> [(x: Double, y: Double)] in
          let y = base - Double(column.probabilities![index]) * (row - 8)
          return [(picture.x(column.start), y), (picture.x(column.end), y)]
        }
        guard let first = points.first, let last = points.last else { continue }
        picture.path([(first.x, base)] + points + [(last.x, base)], closed: true, "area")
      }
    }
    return picture
  }

  /// Mean of some successive windows, and where they are.
  private struct Column {
    let start: Double
    let end: Double
    let level: Float
    let probabilities: [Float]?
  }

  /// A window shows a moment in its middle; a picture has room for so many.
  private var columns: [Column] {
    let windows = heard.windows
    let most = 450
    guard !windows.isEmpty else { return [] }
    let count = min(most, windows.count)
    let centres = windows.map { $0.start + model.windowSeconds / 2 }
    return (0..<count).map { column in
      let range = column * windows.count / count..<(column + 1) * windows.count / count
      let spoken = windows[range].compactMap(\.probabilities)
      let start = column == 0 ? 0 : (centres[range.lowerBound - 1] + centres[range.lowerBound]) / 2
      let end =
        range.upperBound == windows.count
        ? duration : (centres[range.upperBound - 1] + centres[range.upperBound]) / 2
      // Speech where most of the windows have some.
      let isSpeech = 2 * spoken.count >= range.count
      return Column(
        start: start, end: end, level: windows[range].map(\.level).max()!,
        probabilities: isSpeech
          ? labels.indices.map { index in spoken.reduce(0) { $0 + $1[index] } / Float(spoken.count) } : nil)
    }
  }
}
