import SerdConsole
import SerdSystem
import Testing

/// What all programs say at their end, and how they lay out text.
@Suite struct ConsoleTests {
  private enum Subject {}

  @Test(
    "Every cause has the number that sysexits(3) has for it",
    arguments: [
      (ErrorCause.usage, Int32(64)), (.badData, 65), (.noInput, 66), (.unavailable, 69), (.internal, 70), (.system, 71),
      (.cannotWrite, 74), (.configuration, 78),
    ])
  func exitCodes(cause: ErrorCause, code: Int32) throws {
    #expect(ExitStatus(cause).rawValue == code)
    let status = try explaining { throw Explained<Subject>(cause, at: "a test", "is run", advice: "let it pass") }
    #expect(status?.rawValue == code)
  }

  @Test("A command that goes well has no status, and what is no error of ours is passed on")
  func passingOn() throws {
    #expect(try explaining {} == nil)
    #expect(throws: Errno.self) { _ = try explaining { throw Errno(code: 5) } }
  }

  @Test("A reader that went away is no error where it may leave, and one elsewhere")
  func readersThatLeave() throws {
    func status(_ code: Int32, readerMayLeave: Bool) throws -> SerdConsole.ExitStatus? {
      try explaining(readerMayLeave: readerMayLeave) { throw OutputError(errno: Errno(code: code)) }
    }
    let (brokenPipe, fullDisk): (Int32, Int32) = (32, 28)
    #expect(try status(brokenPipe, readerMayLeave: true) == nil)
    #expect(try status(brokenPipe, readerMayLeave: false) == .cannotWrite)
    #expect(try status(fullDisk, readerMayLeave: true) == .cannotWrite)
  }

  @Test("Text is filled up or cut to a width; a bar is as long as its share, in eighths")
  func columns() {
    #expect(TextTable.fitted("ab", 4) == "ab  " && TextTable.fitted("abcdef", 4) == "abc…")
    #expect(TextTable.right("7", 3) == "  7")
    #expect(TextTable.bar(0.5, 4) == "██  " && TextTable.bar(0.125, 4) == "▌   " && TextTable.bar(2, 2) == "██")
  }

  @Test(
    "A time is as coarse as it is long",
    arguments: [(7.34, "7.3 s"), (245, "4 min 5 s"), (7800, "2 h 10 min"), (273_600, "3 d 4 h"), (-1, "0.0 s")])
  func times(seconds: Double, text: String) { #expect(TextTable.seconds(seconds) == text) }

  @Test("Control characters of others do not reach the terminal")
  func harmless() { #expect(TextTable.harmless("Mic\u{1B}[2J\u{7}é") == "Mic?[2J?é") }

  @Test("Numbers are rounded to so many digits; a table in Markdown has a line per row")
  func numbersAndTables() {
    #expect(0.796.decimals(1) == "0.8" && 0.7961.percent == "79.6" && 12.0.decimals(0) == "12")
    #expect(MarkdownTable(["a", "b"], rows: [["1", ""]]).text == "| a | b |\n|---|---|\n| 1 | |\n")
  }

  @Test("The distance of names counts insertions, deletions and substitutions")
  func distance() {
    func distance(_ a: String, _ b: String) -> Int { NearestName.distance(Array(a.utf8), Array(b.utf8)) }
    #expect(distance("kitten", "sitting") == 3 && distance("", "abc") == 3 && distance("abc", "") == 3)
    #expect(distance("same", "same") == 0)
  }

  @Test("The nearest name is the one with the fewest edits, or the only one that begins alike; capitals do not count")
  func nearest() {
    let labels = ["anger", "boredom", "happiness", "neutral", "sadness"]
    for (typed, meant) in [
      ("angry", "anger"), ("ANGER", "anger"), ("happy", "happiness"), ("Sad", "sadness"), ("bored", "boredom"),
    ] {
      #expect(NearestName.of(typed, in: labels) == meant, "\(typed)")
    }
    #expect(NearestName.of("joy", in: labels) == nil && NearestName.of("", in: labels) == nil)
    #expect(NearestName.of("gate", in: ["gate-level", "gate-share"]) == nil)
    #expect(NearestName.suggestion(for: "fears", in: ["fear"]) == "; did you mean 'fear'?")
  }
}
