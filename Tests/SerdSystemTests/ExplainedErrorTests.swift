import SerdSystem
import Testing

/// The one line that a person reads of an error.
@Suite struct ExplainedErrorTests {
  private enum Subject {}
  private typealias SubjectError = Explained<Subject>

  @Test("The line says where, what, and what to try, and leaves out what there is not")
  func parts() {
    #expect(
      "\(SubjectError(.badData, at: "a.wav", "is empty", advice: "copy it again"))" == "a.wav: is empty; copy it again")
    #expect("\(SubjectError(.badData, "nothing works"))" == "nothing works")
    #expect(SubjectError(.badData, at: "a.wav", "is empty", advice: "copy it again").complaint == "a.wav: is empty")
  }

  @Test("A name with a line break, and an empty one, are shown so that the line stays one line")
  func oddNames() {
    #expect("\(SubjectError(.noInput, at: "two\nlines", "is missing"))" == #""two\nlines": is missing"#)
    #expect("\(SubjectError(.noInput, at: "", "is missing"))" == #""": is missing"#)
    #expect("\(SubjectError(.noInput, at: "\u{1B}[2J", "is missing"))" == #""\u{1B}[2J": is missing"#)
  }

  @Test("Who knows the place adds it; a place that is known stays")
  func places() {
    let error = SubjectError(.badData, "is damaged", advice: "copy it again").at("model a")
    #expect(error.description == "model a: is damaged; copy it again")
    #expect(error.at("model b") == error)
    #expect(error.advising("make it anew").description == "model a: is damaged; make it anew")
    #expect(error.cause == .badData)
  }
}
