import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `serd classify`, run as a user runs it, with the bundled model.
@Suite struct ClassifyTests {
  let serd = Program("serd")
  let folder: ScratchFolder
  static let samples = OnceTests.root + "/tools/samples"

  init() throws { folder = try ScratchFolder() }

  private func object(_ line: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  /// So many links to the two samples, alternately.
  @discardableResult
  private func fill(_ count: Int) throws -> [String] {
    try (0..<count).map { index in
      let path = "\(folder.path)/\(1000 + index).flac"
      let sample = index % 2 == 0 ? "agitated" : "calm"
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "\(Self.samples)/\(sample).flac")
      return path
    }
  }

  @Test("A folder gives a line for each recording, in order, for people")
  func text() throws {
    let files = try fill(20)
    let outcome = try serd.run(["classify", folder.path])
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    #expect(outcome.lines.map { $0.split(separator: " ").last.map(String.init) } == files)
    #expect(outcome.lines[1].hasPrefix("boredom "))
    #expect(Set(outcome.lines.map { $0.replacing(/\d+\.flac/, with: "") }).count == 2)
  }

  @Test("A line of JSON is that of --once with the emotions", arguments: ["agitated", "calm"])
  func json(name: String) throws {
    let file = "\(Self.samples)/\(name).flac"
    let once = try serd.run(["--once", file, "--json"]).output
    let line = try serd.run(["classify", file, "--json"]).output
    #expect(line.replacing(/"emotions":\[.*?\],/, with: "") == once)
    #expect(try object(line)["emotions"] is [Any])
  }

  @Test("Lines are the same with one thread and with many, however long the recordings are")
  func threads() throws {
    let long = (0..<12).flatMap { part in SyntheticCorpus.voice(pitch: 100 + 15 * Float(part), rate: 6, seconds: 10) }
    try fill(30)
    try folder.write("0.wav", WAVFile.float(long))
    try folder.write("2.wav", WAVFile.float(long.reversed()))
    let one = try serd.run(["classify", folder.path, "--json", "--windows", "--threads", "1"])
    let many = try serd.run(["classify", folder.path, "--json", "--windows", "--threads", "5"])
    #expect(one.status == 0 && one.lines.count > 600)
    #expect(one.output == many.output)
  }

  @Test("CSV has a line of names, then a recording a line, with the numbers of JSON")
  func csv() throws {
    let file = "\(Self.samples)/calm.flac"
    let lines = try serd.run(["classify", file, "--csv"]).lines
    let answer = try object(serd.run(["--once", file, "--json"]).output)
    let row = Dictionary(
      uniqueKeysWithValues: zip(
        lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init),
        lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
    #expect(lines.count == 2 && row["file"] == file && row["error"]?.isEmpty == true)
    #expect(row["label"] == answer["label"] as? String)
    for key in ["confidence", "duration_s"] { #expect(row[key].flatMap { Double($0) } == answer[key] as? Double) }
    let probabilities = try #require(answer["probabilities"] as? [String: Double])
    #expect(probabilities.count == 7)
    for (label, value) in probabilities { #expect(row[label].flatMap { Double($0) } == value) }
  }

  @Test("With --windows there is a row for each window")
  func windows() throws {
    let rows = try serd.run(["classify", Self.samples, "--csv", "--windows"]).lines
    #expect(rows[0].hasPrefix("file,start_s,end_s,speech,label,confidence,anger,") && rows.count == 1 + 6 + 11)
    #expect(rows[2].split(separator: ",")[1] == "0.5120")
  }

  @Test("A bad recording is a line in its place and one on stderr, and the exit status is 65")
  func badRecordings() throws {
    let names = ["a.wav", "b, \"c\".wav"]
    try folder.write(names[0], Array("this is no sound".utf8))
    try folder.write(names[1], [])
    let bad = names.map { "\(folder.path)/\($0)" }
    let paths = [Self.samples + "/calm.flac", bad[0], bad[1], "/nowhere.wav"]
    let csv = try serd.run(["classify", "--csv"] + paths)
    #expect(csv.status == 65 && csv.lines.count == 5)
    #expect(csv.lines[2].hasPrefix("\(paths[1]),,,,,,,,,,,,,,is not audio"))
    #expect(csv.lines[3].hasPrefix("\"\(folder.path)/b, \"\"c\"\".wav\",,"))
    #expect(csv.lines.dropFirst().allSatisfy { $0.hasSuffix(",") == $0.contains("calm") })
    let messages = csv.messages.split(separator: "\n")
    #expect(messages.count == 4 && messages[2].contains("/nowhere.wav: there is no such file"))
    #expect(messages[3] == "serd: 3 recordings could not be heard")
    let json = try serd.run(["classify", "--json"] + paths)
    #expect(json.status == 65)
    #expect(try json.lines.map { try object($0)["file"] as? String } == paths)
    #expect(try object(json.lines[3])["error"] as? String == "there is no such file; check the name")
    let text = try serd.run(["classify"] + paths)
    #expect(text.status == 65 && text.lines[3].hasPrefix("error ") && text.lines[3].contains("/nowhere.wav: there is"))
  }

  @Test("Names come from a list, by lines or ended by NUL, also from standard input")
  func lists() throws {
    let files = [Self.samples + "/calm.flac", Self.samples + "/agitated.flac"]
    let lines = Data(files.joined(separator: "\n").utf8)
    let null = Data(files.map { $0 + "\0" }.joined().utf8)
    let expected = try serd.run(["classify"] + files).output
    #expect(try serd.run(["classify", "--files-from", "-"], input: lines).output == expected)
    #expect(try serd.run(["classify", "--files-from", "-", "-0"], input: null).output == expected)
    let list = try folder.write("list", Array(lines))
    #expect(try serd.run(["classify", "--files-from", list]).output == expected)
  }

  @Test("Options that do not go together, and nothing to classify, are named")
  func wrongUsage() throws {
    for (arguments, status, word) in [
      ([], 64, "--files-from"), (["x", "--csv", "--json"], 64, "--csv"), (["x", "--windows"], 64, "--windows"),
      (["x", "--resume", "y"], 64, "--resume"), (["x", "--null"], 64, "--files-from"),
      (["x", "--force"], 64, "--force"),
      (["-", "--vtt"], 64, "standard input"), (["x", "--threads", "0"], 64, "--threads"),
      ([folder.path], 66, folder.path), (["x", "--set", "begin-threshold=2"], 78, "begin-threshold"),
    ] as [([String], Int32, String)] {
      let outcome = try serd.run(["classify"] + arguments)
      #expect(outcome.status == status && outcome.messages.contains(word), "\(arguments): \(outcome.messages)")
      #expect(outcome.output.isEmpty)
    }
    let once = try serd.run(["--once", "a.wav", "b.wav"])
    #expect(once.status == 64 && once.messages.contains("serd classify a.wav b.wav"))
  }

  @Test("A full disk is noticed, and a reader that leaves is no error")
  func output() throws {
    let full = try serd.run(["classify", Self.samples], outputTo: "/dev/full")
    #expect(full.status == 74 && full.messages.contains("standard output"))
    try fill(300)
    let left = try RunningProgram(serd.path, ["classify", folder.path])
    #expect(try left.line() != nil)
    try left.stopReading()
    #expect(left.wait() == 0)
    #expect(left.messages.isEmpty)
  }
}
