import SerdConsole
import SerdSystem

/// Files that other programs show beside a recording: when each emotion was heard in it.
package enum TimelineFormat: CaseIterable, Sendable {
  /// A label track of Audacity (File, Import, Labels).
  case audacity
  /// An annotation of Praat, ELAN and their like, in Praat's long text form.
  case textGrid
  /// Subtitles for the web and for players.
  case webVTT
  /// A page to look at.
  case page

  /// How the name of the file ends.
  var ending: String {
    switch self {
    case .audacity: "labels.txt"
    case .textGrid: "TextGrid"
    case .webVTT: "vtt"
    case .page: "html"
    }
  }

  /// Whether a file is one that serd wrote, so that it may be replaced.
  func isOurs(_ text: String) -> Bool {
    switch self {
    case .audacity: text.split(separator: "\n").allSatisfy(AudacityLabels.isOurs)
    case .textGrid: text.contains("name = \"\(TextGrid.tier)\"")
    case .webVTT: text.hasPrefix(WebVTT.heading)
    case .page: text.contains(RecordingPage.mark)
    }
  }
}

/// Audacity's labels: a line for each, with start, end and text between tabs.
package enum AudacityLabels {
  /// The file's text.
  package static func text(_ emotions: [EmotionStretch]) -> String {
    emotions.map { "\($0.start.decimals(6))\t\($0.end.decimals(6))\t\($0.caption)\n" }.joined()
  }

  /// The form has no room for a remark; but nobody else writes lines with a percentage at their end.
  static func isOurs(_ line: Substring) -> Bool {
    let fields = line.split(separator: "\t")
    return fields.count == 3 && Double(fields[0]) != nil && Double(fields[1]) != nil && fields[2].hasSuffix(" %")
  }
}

/// Praat's TextGrid: one tier of intervals that cover the recording; where no emotion was heard they are empty.
package enum TextGrid {
  /// The name of the tier with the emotions.
  static let tier = "serd emotion"
  /// The name of that with their probabilities.
  private static let confidences = "serd confidence"

  private struct Interval {
    let start: Double
    let end: Double
    let emotion: EmotionStretch?
  }

  /// The file's text.
  package static func text(_ emotions: [EmotionStretch], duration: Double) -> String {
    let intervals = covering(emotions, duration)
    let end = duration.decimals(6)
    var text = """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0
      xmax = \(end)
      tiers? <exists>
      size = 2
      item []:

      """
    let tiers: [(String, (EmotionStretch) -> String)] = [
      (tier, { $0.label }), (confidences, { $0.confidence.decimals(2) }),
    ]
    for (number, (name, words)) in tiers.enumerated() {
      text += """
            item [\(number + 1)]:
                class = "IntervalTier"
                name = "\(name)"
                xmin = 0
                xmax = \(end)
                intervals: size = \(intervals.count)

        """
      for (index, interval) in intervals.enumerated() {
        // A quotation mark in a text is written twice.
        let label = interval.emotion.map(words)?.replacing("\"", with: "\"\"") ?? ""
        text += """
                  intervals [\(index + 1)]:
                      xmin = \(interval.start.decimals(6))
                      xmax = \(interval.end.decimals(6))
                      text = "\(label)"

          """
      }
    }
    return text
  }

  /// Praat wants no gap, no overlap and no empty interval.
  private static func covering(_ emotions: [EmotionStretch], _ duration: Double) -> [Interval] {
    var intervals: [Interval] = []
    var reached = 0.0
    func add(_ end: Double, _ emotion: EmotionStretch?) {
      guard end - reached >= 1e-6 else { return }
      intervals.append(Interval(start: reached, end: end, emotion: emotion))
      reached = end
    }
    for emotion in emotions {
      add(emotion.start, nil)
      add(emotion.end, emotion)
    }
    add(duration, nil)
    return intervals
  }
}

/// WebVTT, the subtitles of the web.
package enum WebVTT {
  /// The first line, which may have words behind the name.
  static let heading = "WEBVTT - emotions heard by serd"

  /// The file's text.
  package static func text(_ emotions: [EmotionStretch]) -> String {
    heading + "\n"
      + emotions.map { emotion in
        // Marks of the form in a label would be read as such.
        let words = emotion.caption.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        return "\n\(time(emotion.start)) --> \(time(emotion.end))\n\(words)\n"
      }.joined()
  }

  /// As `01:02:03.456`.
  private static func time(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    func digits(_ value: Int, _ count: Int) -> String {
      let text = "\(value)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let whole = milliseconds / 1000
    return "\(digits(whole / 3600, 2)):\(digits(whole / 60 % 60, 2)):\(digits(whole % 60, 2))"
      + ".\(digits(milliseconds % 1000, 3))"
  }
}
