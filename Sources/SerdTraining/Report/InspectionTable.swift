import SerdConsole
import SerdCorpora

extension CorpusInspection {
  /// For people: tables in Markdown, then what was left out, by reason.
  package var text: String {
    let count = classes.reduce(0) { $0 + $1.recordings }
    var text = "\(corpus): \(count) recordings, \(speakers.count) speakers, \(classes.count) classes"
    if sentences > 0 { text += ", \(sentences) sentences" }
    if let durations {
      text += "; \(Self.time(durations.total)), from \(durations.shortest.decimals(2)) to "
      text += "\(durations.longest.decimals(2)) s, median \(durations.median.decimals(2)) s"
    }
    let classRows = classes.map { [$0.name, "\($0.recordings)", Self.time($0.seconds)] }
    text += ".\n\n" + MarkdownTable(["class", "recordings", "time"], rows: classRows).text
    let speakerRows = speakers.map {
      [$0.name] + ($0.byClass ?? []).map(String.init) + ["\($0.recordings)", Self.time($0.seconds)]
    }
    text += "\n" + MarkdownTable(["speaker"] + classes.map(\.name) + ["all", "time"], rows: speakerRows).text
    text += "\nFormats:\n"
    for (format, count) in formats.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      text += "\(count) × \(format)\n"
    }
    func list(_ title: String, _ list: [LeftOut]) {
      text += "\n\(title): \(list.count)\n"
      for line in LeftOut.summary(list, examples: 20) { text += TextTable.harmless(line) + "\n" }
    }
    list("Left out", leftOut)
    list("Cannot be read", unreadable)
    text += "\nShorter than their header says, and used as they are: \(cutShort.count)\n"
    for line in cutShort.prefix(20) { text += "  \(TextTable.harmless("\(line)"))\n" }
    if cutShort.count > 20 { text += "  … and \(cutShort.count - 20) more\n" }
    text += "\nThe same sound more than once: \(sameSound.count)\n"
    for names in sameSound.prefix(20) { text += "  \(TextTable.harmless(names.joined(separator: " = ")))\n" }
    if sameSound.count > 20 { text += "  … and \(sameSound.count - 20) more\n" }
    return text
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole >= 3600
      ? "\(whole / 3600) h \(whole % 3600 / 60) min" : whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
  }
}
