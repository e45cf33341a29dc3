import Foundation
import SerdPipeline
import SerdRecordings
import SerdTestKit
import Testing

/// A page of a recording that was made up.
enum MadeUpPage {
  /// Windows of 2 s every half second, of which every fifth has no speech.
  static func heard(_ file: String, seconds: Double) -> HeardRecording {
    let count = Int(seconds * 2)
    let likely: [Float] = [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    let windows = (0..<count).map { index -> WindowResult in
      let isSpeech = index % 5 != 4
      let level = Float(-20 - index % 7)
      return WindowResult(
        start: Double(index) / 2, openShare: isSpeech ? 1 : 0, level: level, novelty: nil,
        probabilities: isSpeech ? likely : nil)
    }
    let result = FileResult(
      duration: seconds, windows: count, speechWindows: count - count / 5, probabilities: windows.first?.probabilities)
    let emotions = [EmotionStretch(label: "anger", confidence: 0.834, start: 1.5, end: seconds / 2)]
    return HeardRecording(
      file: file, result: result, emotions: seconds > 3 ? emotions : [], windows: windows, remarks: [])
  }

  static func text(_ file: String, seconds: Double = 12, sound: PageSound = .linked) throws -> String {
    let model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 122).description
    let outline = SoundOutline()
    let samples = (0..<Int(seconds * 16_000)).map { index -> Float in
      let loudness = Float(index % 5000) / 10_000
      return sinf(Float(index) / 10) * loudness
    }
    outline.add(samples)
    let heard = heard(file, seconds: seconds)
    return try RecordingPage(heard, outline: outline, model: model, sound: sound.url(file)).text
  }
}

@Suite struct RecordingPageTests {
  /// How often each element is in a page, whose elements must be closed in the order in which they were opened.
  private func elements(_ page: String) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    var open: [Substring] = []
    for tag in page.matches(of: /<(\/?)([a-z0-9]+)((?:[^>"]|"[^"<>]*")*)>/) {
      let (_, slash, name, attributes) = tag.output
      if slash.isEmpty {
        counts[String(name), default: 0] += 1
        if name != "meta", !attributes.hasSuffix("/") { open.append(name) }
      } else {
        #expect(open.popLast() == name)
      }
    }
    #expect(open.isEmpty)
    let rest = page.replacing(/<(?:\/|!)?[a-z0-9]+(?:[^>"]|"[^"<>]*")*>/, with: "")
    #expect(!rest.contains("<") && !rest.contains(">"))
    return counts
  }

  @Test("Every picture is well-formed and has a title and a description", arguments: [1.0, 12, 4000])
  func pictures(seconds: Double) throws {
    let page = try MadeUpPage.text("x/talk.wav", seconds: seconds)
    let elements = try elements(page)
    #expect(elements["svg"] == 4 && elements["desc"] == 4 && elements["audio"] == 1)
    #expect(elements["script"] == nil && elements["link"] == nil && elements["img"] == nil)
    #expect(elements["table"] == (seconds > 3 ? 1 : nil))
    #expect(page.utf8.count < 400_000, "\(page.utf8.count) bytes")
  }

  @Test("A page asks for nothing but its sound: no script, no other host")
  func strict() throws {
    let page = try MadeUpPage.text("x/talk.wav")
    #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'; media-src"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("javascript:"))
    #expect(page.contains("<meta name=\"color-scheme\" content=\"light dark\">"))
  }

  @Test("Names that mean something in HTML or in a URL do no harm")
  func names() throws {
    let page = try MadeUpPage.text("x/<b>\"&#?% ä.wav")
    #expect(page.contains("<h1>&lt;b&gt;&quot;&amp;#?% ä.wav</h1>"))
    #expect(page.contains("src=\"./%3Cb%3E%22%26%23%3F%25%20%C3%A4.wav\""))
    _ = try elements(page)
  }

  @Test("The sound is linked, or is in the page itself")
  func sound() throws {
    let folder = try ScratchFolder()
    let bytes = WAVFile.float([0, 0.5, -0.5])
    let file = try folder.write("a.wav", bytes)
    #expect(try PageSound.linked.url(file) == "./a.wav")
    let url = try PageSound.embedded.url(file)
    #expect(url.hasPrefix("data:audio/wav;base64,"))
    #expect(try Array(#require(Data(base64Encoded: String(url.dropFirst(22))))) == bytes)
    #expect(
      thrown(RecordingError.self) { try PageSound.embedded.url(folder.path + "/gone.wav") }?.cause == .cannotWrite)
  }

  @Test("The outline has the peaks of the sound, whatever its length", arguments: [1000, 500_000, 3_000_000])
  func outline(length: Int) {
    let outline = SoundOutline()
    var samples = [Float](repeating: -0.2, count: length)
    for index in stride(from: 0, to: length, by: 2) { samples[index] = 0.1 }
    samples[length / 3] = 0.9
    for start in stride(from: 0, to: length, by: 7777) { outline.add(samples[start..<min(length, start + 7777)]) }
    #expect(outline.stretches.count <= 2048)
    #expect((outline.stretches.count - 1) * outline.samplesPerStretch < length)
    #expect(outline.stretches.count * outline.samplesPerStretch >= length)
    let loud = outline.stretches.indices.filter { outline.stretches[$0].high > 0.5 }
    #expect(loud == [length / 3 / outline.samplesPerStretch])
    #expect(outline.stretches.allSatisfy { $0.low == -0.2 })
  }
}
