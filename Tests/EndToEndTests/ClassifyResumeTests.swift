import Foundation
import SerdTestKit
import Testing

/// `serd classify` that is ended before its end, and goes on.
@Suite struct ClassifyResumeTests {
  let serd = Program("serd", settings: ["SERD_TRANSFORM": "portable"])
  let folder: ScratchFolder
  private var sounds: String { folder.path + "/sounds" }
  private var file: String { folder.path + "/lines" }

  init() throws {
    folder = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: sounds, withIntermediateDirectories: true)
    for index in 0..<8 {
      let voice = SyntheticCorpus.voice(pitch: 100 + 10 * Float(index), rate: 6, seconds: 3)
      try folder.write("sounds/\(index).wav", WAVFile.float(index == 5 ? [] : voice))
    }
  }

  private var lines: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

  @Test(
    "A run goes on behind the last whole line, wherever it was cut, and the file is then that of a whole run",
    arguments: [["--csv"], ["--json"], ["--csv", "--windows"], ["--json", "--windows"]])
  func cuts(form: [String]) throws {
    let whole = try serd.run(["classify", sounds] + form)
    #expect(whole.status == 65 && whole.lines.count >= 8)
    let bytes = Array(whole.output.utf8)
    for cut in Set([0, 1, bytes.count / 3, bytes.count / 2, bytes.count - 1, bytes.count]).sorted() {
      try folder.write("lines", Array(bytes[..<cut]))
      let rest = try serd.run(["classify", sounds, "--resume", file] + form)
      #expect(rest.status == 65 && rest.output.isEmpty)
      #expect(lines == whole.output, "cut at \(cut) of \(bytes.count)")
    }
  }

  @Test("What is done is not done again, also when new recordings have come")
  func newRecordings() throws {
    #expect(try serd.run(["classify", sounds, "--csv", "--resume", file]).status == 65)
    let before = lines
    try folder.write("sounds/0a.wav", WAVFile.float(SyntheticCorpus.voice(pitch: 90, rate: 6, seconds: 3)))
    for index in 0..<8 { try FileManager.default.removeItem(atPath: "\(sounds)/\(index).wav") }
    for index in 0..<8 { try folder.write("sounds/\(index).wav", Array("damaged now".utf8)) }
    let outcome = try serd.run(["classify", sounds, "--csv", "--resume", file])
    #expect(outcome.status == 65 && outcome.messages.contains("1 recording could not be heard"))
    #expect(lines.hasPrefix(before) && lines.dropFirst(before.count).split(separator: "\n").count == 1)
    #expect(lines.dropFirst(before.count).hasPrefix(sounds + "/0a.wav,"))
  }

  @Test("A file of other options, another program, or that another run writes is refused and left as it is")
  func otherFiles() throws {
    for text in ["my own notes\n", "file,start_s\n", "{\"file\":\"a\",\"model\":{\"sha256\":\"0\"}}\n", "{}\n"] {
      for form in ["--csv", "--json"] {
        try folder.write("lines", Array(text.utf8))
        let outcome = try serd.run(["classify", sounds, form, "--resume", file])
        #expect(outcome.status == 65 && outcome.messages.contains(file) && lines == text, "\(form) \(text)")
      }
    }
    let folderInstead = try serd.run(["classify", sounds, "--csv", "--resume", folder.path])
    #expect(folderInstead.status == 74)
  }

  @Test("SIGINT and SIGTERM leave whole lines and end the program as they end others", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) throws {
    let names = (0..<2000).map { "\(sounds)/\($0 % 5).wav" }.joined(separator: "\n")
    let list = try folder.write("list", Array(names.utf8))
    let program = try RunningProgram(serd.path, ["classify", "--files-from", list, "--json"])
    let first = try program.line()
    #expect(first != nil)
    program.signal(number)
    var count = 1
    while let line = try program.line() {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
      count += 1
    }
    #expect(count < 2000, "it ended before its end")
    #expect(program.wait() == number)
  }
}
