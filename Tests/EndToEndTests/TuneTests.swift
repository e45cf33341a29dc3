import Foundation
import SerdTestKit
import Testing

/// `serd tune` as a user runs it, on recordings.
@Suite struct TuneTests {
  private let serd = Program("serd")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// What it says of this sound.
  private func tune(_ samples: [Float]) throws -> Program.Outcome {
    let file = try folder.write("room.wav", WAVFile.float(samples))
    return try serd.run(["tune", "--source", "\(file),speed=0"])
  }

  private static let room = SyntheticSignal.noise.samples(seconds: 4).map { $0 * 0.002 }
  private static let voice = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 4)

  @Test("Room and speech are measured, and the proposal is a configuration that is taken")
  func proposal() throws {
    let outcome = try tune(Self.room + Self.voice + Self.room)
    #expect(outcome.status == 0)
    func level(_ name: String) throws -> Int {
      let line = try #require(outcome.lines.first { $0.hasPrefix(name) })
      return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1]))
    }
    #expect(try level("room") < -40 && level("speech") > level("room") + 10, "\(outcome.output)")
    let settings = try #require(outcome.output.range(of: "[gate]"))
    let proposed = try #require(outcome.output[settings.upperBound...].firstMatch(of: /gate-level = (-\d+)/)?.1)
    #expect(try abs(#require(Int(proposed)) - level("room")) <= 4, "a little above the room")
    let file = try folder.write("serd.conf", Array(outcome.output[settings.lowerBound...].utf8))
    let check = try serd.run(["check-config", "--config", file])
    #expect(check.status == 0 && check.output.contains("gate-level = \(proposed)"), "\(check.output)\(check.messages)")
  }

  @Test("What is wrong with microphone or room is said: nothing, nobody, too loud")
  func advice() throws {
    #expect(try tune([Float](repeating: 0, count: 64_000)).output.contains("is the microphone muted?"))
    #expect(try tune(Self.room).output.contains("No speech was heard."))
    let loud = (Self.room + Self.voice).map { max(-1, min(1, 20 * $0)) }
    #expect(try tune(loud).output.contains("The sound clips"))
    #expect(try !tune(Self.room + Self.voice.map { $0 * 0.5 }).output.contains("The sound clips"))
  }

  @Test("Without a microphone it says so, and ends with 69")
  func noMicrophone() throws {
    let microphone = try FaultyMicrophone(isPlugged: false)
    let program = try SpeakingProgram(
      "serd", ["tune", "--device", microphone.device], environment: FaultyMicrophone.environment)
    #expect(program.exitStatus() == 69)
    #expect(program.messages.contains("no such device"), "\(program.messages)")
  }
}
