import CSndFile
import SerdAudio
import SerdTestKit
import Testing

/// Which of several channels is heard, in files.
@Suite struct ChannelTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func file(_ channels: [[Float]]) throws -> String {
    try scratch.write(
      "x.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: 16_000, channels: channels.count,
      channels[0].indices.flatMap { index in channels.map { $0[index] } })
  }

  @Test("Channels of opposite phase do not cancel: one is heard from the first sample on, and it is told")
  func oppositePhase() throws {
    let sound = noise(32_000)
    let source = try FileSource(path: file([sound.map { $0 / 2 }, sound.map { -$0 }]))
    #expect(try identical(source.readAll(), sound.map { -$0 }))
    #expect(source.remarks.map(\.kind) == [.cancelling(channel: 2, of: 2)])
    #expect(source.remarks[0].description.contains("2 channels cancel each other (opposite phase), so channel 2"))
  }

  @Test("Channels that differ, or of which one alone has sound, do not cancel")
  func noCancelling() throws {
    let sound = noise(32_000)
    let other = Array(noise(64_000)[32_000...])
    for channels in [
      [sound, other], [sound, other.map { $0 * 0 }], [sound, sound],
      [sound] + Array(repeating: other.map { $0 * 0 }, count: 7),
    ] {
      let source = try FileSource(path: file(channels))
      let mean = sound.indices.map { index in channels.reduce(Float(0)) { $0 + $1[index] } / Float(channels.count) }
      #expect(try identical(source.readAll(), mean))
      #expect(source.remarks.isEmpty)
    }
  }

  @Test("One channel is heard by its number, and the loudest as the best")
  func choices() throws {
    let sound = noise(32_000)
    let channels = [sound.map { $0 * 0.01 }, sound.map { $0 * 0 }, sound, sound.map { $0 * 0.1 }]
    let path = try file(channels)
    for number in 1...4 {
      #expect(try identical(FileSource(path: path, channel: .only(number)).readAll(), channels[number - 1]))
    }
    #expect(try identical(FileSource(path: path, channel: .best).readAll(), sound))
  }

  @Test("A channel that a file does not have is refused with how many it has")
  func missingChannel() throws {
    let path = try file([noise(100), noise(100)])
    let error = try #require(thrown(AudioError.self) { try FileSource(path: path, channel: .only(3)) })
    #expect(error.cause == .badData && error.problem == "has 2 channels, so there is no channel 3")
  }

  @Test("A choice is read from its text and shown as it", arguments: ["mean", "best", "1", "8"])
  func text(choice: String) throws {
    #expect(ChannelChoice(choice)?.description == choice)
    for wrong in ["", "0", "-1", "left", "1025", "Mean"] { #expect(ChannelChoice(wrong) == nil) }
  }
}
