import Foundation
import SerdAudio
import SerdTestKit
import Testing

/// The files that `serd classify` writes beside recordings.
@Suite struct ClassifyTimelineTests {
  let serd = Program("serd")
  let folder: ScratchFolder

  /// Options with a threshold low enough for the sample's emotion to be told.
  private let eager: [String]

  init() throws {
    folder = try ScratchFolder()
    eager = ["--config", try folder.write("serd.conf", Array("[thresholds]\nboredom = 0.3\n".utf8))]
  }

  private func recording() throws -> String {
    let file = folder.path + "/voice.flac"
    try FileManager.default.copyItem(atPath: OnceTests.root + "/tools/samples/calm.flac", toPath: file)
    return file
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }

  @Test("Label files beside a recording have the emotions that its line of JSON has")
  func labels() throws {
    let file = try recording()
    let outcome = try serd.run(
      ["classify", file, "--json", "--audacity", "--textgrid", "--vtt"] + eager)
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let emotions = try #require(answer["emotions"] as? [[String: Any]])
    #expect(emotions.first?["label"] as? String == "boredom")
    let tracks = try text("voice.labels.txt").split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(tracks.count == emotions.count)
    for (track, emotion) in zip(tracks, emotions) {
      #expect(abs(Double(track[0])! - (emotion["start_s"] as! Double)) < 1e-4)
      #expect(abs(Double(track[1])! - (emotion["end_s"] as! Double)) < 1e-4)
      #expect(track[2].hasPrefix(emotion["label"] as! String))
    }
    #expect(try text("voice.TextGrid").contains("text = \"boredom\""))
    #expect(try text("voice.vtt").components(separatedBy: " --> ").count == emotions.count + 1)
  }

  @Test("A file of somebody else is left alone, its recording has its line all the same, and the status is 74")
  func filesOfOthers() throws {
    let file = try recording()
    try folder.write("voice.TextGrid", Array("a day of work\n".utf8))
    let refused = try serd.run(["classify", file, "--textgrid"])
    #expect(refused.status == 74 && refused.lines.count == 1)
    #expect(refused.messages.contains("voice.TextGrid: is there, and serd did not write it"))
    #expect(try text("voice.TextGrid") == "a day of work\n")
    #expect(try serd.run(["classify", file, "--textgrid", "--force"]).status == 0)
    #expect(try text("voice.TextGrid").hasPrefix("File type"))
    #expect(try serd.run(["classify", file, "--textgrid"]).status == 0, "its own it replaces")
  }

  @Test("A long recording's summary says when each emotion was heard; a short one's does not")
  func summary() throws {
    let sample = OnceTests.root + "/tools/samples/calm.flac"
    let sound = try FileSource(path: sample).readAll()
    let calm = try folder.write("calm.wav", WAVFile.float((0..<10).flatMap { _ in sound }))
    let outcome = try serd.run(["--once", calm] + eager)
    #expect(outcome.status == 0 && outcome.output.contains(/\d:\d\d to +\d:\d\d  boredom +\d+ %/))
    #expect(try serd.run(["--once", sample] + eager).output.contains(" to ") == false)
    #expect(try serd.run(["--once", calm]).output.contains(/No emotion was heard|\d:\d\d to/))
  }
}
