import SerdRecordings
import SerdTestKit
import Testing

/// What other programs read, held against their own descriptions of the forms.
@Suite struct TimelineFormatTests {
  private let emotions = [
    EmotionStretch(label: "anger", confidence: 0.834, start: 1.5, end: 3.75),
    EmotionStretch(label: "say \"<ah>\" & oh", confidence: 0.5, start: 3.75, end: 3723.0004),
  ]

  @Test("Audacity gets start, end and a text between tabs, a line each")
  func audacity() {
    #expect(
      AudacityLabels.text(emotions)
        == "1.500000\t3.750000\tanger 83 %\n3.750000\t3723.000400\tsay \"<ah>\" & oh 50 %\n")
    #expect(AudacityLabels.text([]).isEmpty)
  }

  @Test("A web player gets cues with hours, minutes and milliseconds, and no mark of its own form in them")
  func webVTT() {
    #expect(
      WebVTT.text(emotions) == """
        WEBVTT - emotions heard by serd

        00:00:01.500 --> 00:00:03.750
        anger 83 %

        00:00:03.750 --> 01:02:03.000
        say "&lt;ah>" &amp; oh 50 %

        """)
  }

  /// Praat's manual, "TextGrid file formats": numbers and quoted texts count, all else is for people.
  @Test("Praat gets tiers whose intervals cover the recording, without gap or overlap")
  func textGrid() throws {
    let tokens = try PraatTokens(TextGrid.text(emotions, duration: 4000)).values
    var rest = tokens[...]
    func next(_ count: Int) -> [String] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    #expect(next(6) == ["ooTextFile", "TextGrid", "0", "4000.000000", "<exists>", "2"])
    for (name, texts) in [
      ("serd emotion", ["", "anger", "say \"<ah>\" & oh", ""]), ("serd confidence", ["", "0.83", "0.50", ""]),
    ] {
      #expect(next(5) == ["IntervalTier", name, "0", "4000.000000", "4"])
      var reached = 0.0
      for text in texts {
        let interval = next(3)
        let start = try #require(Double(interval[0]))
        let end = try #require(Double(interval[1]))
        #expect(start == reached && end > start && interval[2] == text)
        reached = end
      }
      #expect(reached == 4000)
    }
    #expect(rest.isEmpty)
  }

  @Test("Where no emotion was heard, one empty interval covers the recording")
  func emptyTextGrid() throws {
    let tokens = try PraatTokens(TextGrid.text([], duration: 3)).values
    #expect(tokens.suffix(4) == ["1", "0.000000", "3.000000", ""])
  }

  @Test("Files beside recordings have their name, and keep the ending where two differ in it alone")
  func names() throws {
    let files = TimelineFiles(
      [.webVTT, .textGrid, .audacity], for: ["x/a.wav", "x/a.flac", "x/b.mp3", "y.z/c", "x/.d"], force: false)
    #expect(files.path(.webVTT, for: "x/a.wav") == "x/a.wav.vtt")
    #expect(files.path(.webVTT, for: "x/a.flac") == "x/a.flac.vtt")
    #expect(files.path(.textGrid, for: "x/b.mp3") == "x/b.TextGrid")
    #expect(files.path(.audacity, for: "y.z/c") == "y.z/c.labels.txt")
    #expect(files.path(.webVTT, for: "x/.d") == "x/.d.vtt")
  }

  @Test("A file that serd wrote is replaced; one of others is not, unless by force", arguments: TimelineFormat.allCases)
  func replacing(format: TimelineFormat) throws {
    let folder = try ScratchFolder()
    let recording = folder.path + "/a.wav"
    let ours: [TimelineFormat: String] = [
      .audacity: AudacityLabels.text(emotions), .textGrid: TextGrid.text(emotions, duration: 4000),
      .webVTT: WebVTT.text(emotions), .page: try MadeUpPage.text(recording),
    ]
    let files = TimelineFiles([format], for: [recording], force: false)
    try files.check(recording)
    try files.write(#require(ours[format]), format, for: recording)
    try files.check(recording)
    try files.write("1.0\t2.0\tsomebody's own work\n", format, for: recording)
    let error = try #require(thrown(RecordingError.self) { try files.check(recording) })
    #expect(error.cause == .cannotWrite && error.place == files.path(format, for: recording))
    try TimelineFiles([format], for: [recording], force: true).check(recording)
  }
}

/// What Praat reads of a text file: numbers, <flags> and "texts", wherever they stand free; everything else is skipped.
struct PraatTokens {
  struct Unended: Error {}
  private(set) var values: [String] = []

  init(_ text: String) throws {
    var rest = Substring(text)
    while let first = rest.first {
      if first == "\"" {
        rest.removeFirst()
        var value = ""
        while true {
          guard let quote = rest.firstIndex(of: "\"") else { throw Unended() }
          value += rest[..<quote]
          rest = rest[rest.index(after: quote)...]
          guard rest.first == "\"" else { break }
          value += "\""
          rest.removeFirst()
        }
        values.append(value)
      } else {
        let word = rest.prefix { !$0.isWhitespace && $0 != "\"" }
        if Double(word) != nil || word.hasPrefix("<") { values.append(String(word)) }
        rest = rest[(word.isEmpty ? rest.index(after: rest.startIndex) : word.endIndex)...]
      }
    }
  }
}
