import Foundation
import SerdTestKit
import Testing

/// Names, files and devices as they are found, and not as one would have them.
@Suite struct OddInputTests {
  let serd = Program("serd")
  let sample = OnceTests.root + "/tools/samples/agitated.flac"

  @Test("A file whose name is no UTF-8 is opened by its bytes, and shown escaped")
  func nameOfBytes() throws {
    let folder = try ScratchFolder()
    for (option, expected) in [("--json", #""file":"\"m\\xE4n.flac\"""#), ("", #""m\xE4n.flac""#)] {
      let script = """
        cd '\(folder.path)' && name=$(printf 'm\\344n.flac') && cp '\(sample)' "$name" && \
        exec '\(serd.path)' --once "$name" \(option)
        """
      let outcome = try shell(script)
      #expect(outcome.status == 0 && outcome.messages.isEmpty, "\(outcome.messages)")
      #expect(outcome.output.contains(expected), "\(outcome.output)")
    }
  }

  @Test("sertrain, whose tables and models hold names as text, says that a name is no UTF-8, not that it is missing")
  func nameOfBytesInTraining() throws {
    let folder = try ScratchFolder()
    let outcome = try shell(
      "cd '\(folder.path)' && name=$(printf 'm\\344n') && mkdir \"$name\" && exec '\(Program("sertrain").path)' inspect \"$name\""
    )
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.output)")
    #expect(outcome.messages.hasPrefix(#"sertrain: "m\xE4n": is no UTF-8"#), "\(outcome.messages)")
    #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
  }

  @Test("Control characters of a name reach no terminal")
  func nameThatControls() throws {
    for name in ["a\u{1B}[2Jb\rc", "a\u{1B}[2Jb\rc.csv"] {
      let outcome = try Program("sertrain").run(["inspect", name])
      #expect(outcome.status == 66, "\(outcome.messages)")
      #expect(!outcome.messages.contains("\u{1B}") && !outcome.messages.contains("\r"), "\(outcome.messages)")
    }
    let outcome = try serd.run(["--once", "a\u{1B}[2Jb\rc"])
    #expect(outcome.status == 66)
    #expect(!outcome.messages.contains("\u{1B}") && !outcome.messages.contains("\r"), "\(outcome.messages)")
    #expect(outcome.messages.contains(#""a\u{1B}[2Jb\rc": there is no such file"#), "\(outcome.messages)")
  }

  @Test("A recording that was never finished is heard whole, with one line about it")
  func unfinished() throws {
    let folder = try ScratchFolder()
    var bytes = WAVFile.float(SyntheticSignal.harmonics.samples(seconds: 3))
    bytes.replaceSubrange(40..<44, with: [0, 0, 0, 0])
    let outcome = try serd.run(["--once", folder.write("x.wav", bytes), "--json"])
    #expect(outcome.status == 0 && outcome.output.contains("\"duration_s\":3"))
    #expect(outcome.messages.contains("never finished"), "\(outcome.messages)")
    #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
  }

  @Test("A channel is chosen with --channel; one that is not there, or a word that is none, is told")
  func channel() throws {
    let folder = try ScratchFolder()
    let sound = SyntheticSignal.harmonics.samples(seconds: 2)
    let path = try folder.write("x.wav", WAVFile.float(sound.flatMap { [$0, 0] }, channels: 2))
    #expect(try serd.run(["--once", path, "--channel", "2", "--json"]).output.contains("\"speech\":false"))
    #expect(try serd.run(["--once", path, "--channel", "3"]).status == 65)
    let wrong = try serd.run(["--once", path, "--channel", "left"])
    #expect(wrong.status == 78 && wrong.messages.contains("mean, best"), "\(wrong.messages)")
  }

  @Test("A device without a clock is no microphone, and says nothing but that")
  func deviceWithoutClock() throws {
    let folder = try ScratchFolder()
    let configuration = try folder.write("asound.conf", Array("pcm.nothing { type null }\n".utf8))
    let program = Program("serd", settings: ["ALSA_CONFIG_PATH": configuration])
    let outcome = try program.run(["devices", "--level", "--seconds", "1", "nothing"])
    #expect(outcome.status == 69 && outcome.output.isEmpty)
    let lines = outcome.messages.split(separator: "\n")
    #expect(
      lines.count == 2 && lines[0].contains("faster than sound is, so it is no microphone"), "\(outcome.messages)")
  }

  private func shell(_ script: String) throws -> (status: Int32, output: String, messages: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.environment = serd.environment
    let output = Pipe()
    let messages = Pipe()
    process.standardOutput = output
    process.standardError = messages
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text, errors)
  }
}
