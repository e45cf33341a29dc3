import SerdAudio
import SerdTestKit
import Testing

/// Which of a microphone's channels is heard, through the real libasound.
@Suite struct MicrophoneChannelTests {
  /// Four channels: silence, quiet sound, loud sound, silence.
  private func array() throws -> FaultyMicrophone {
    let sound = noise(16_000, amplitude: 0.5)
    let frames = sound.flatMap { (sample: Float) -> [Float] in [0, sample / 16, sample, 0] }
    return try FaultyMicrophone(sound: pcm16(frames), format: "S16_LE 16000 4", loops: true)
  }

  private func peak(_ device: String, _ channel: ChannelChoice, levels: ChannelLevels? = nil) throws -> Float {
    let listener = Listener(try MicrophoneSource(device: device, channel: channel, levels: levels))
    try listener.read(samples: 4_000)
    #expect(listener.events.count == 1, "\(listener.events)")
    return listener.samples.reduce(0) { max($0, abs($1)) }
  }

  @Test("One channel of several is heard alone, by its number or as the loudest")
  func choices() throws {
    let microphone = try array()
    #expect(abs(try peak(microphone.device, .only(3)) - 0.5) < 0.01)
    #expect(abs(try peak(microphone.device, .only(2)) - 0.5 / 16) < 0.01)
    #expect(abs(try peak(microphone.device, .best) - 0.5) < 0.01)
    #expect(abs(try peak(microphone.device, .mean) - 0.5 * 17 / 64) < 0.01)
  }

  @Test("A channel that the device does not have is told with how many it has")
  func missingChannel() throws {
    let microphone = try array()
    let reason = try Listener(MicrophoneSource(device: microphone.device, channel: .only(5))).obstacle()
    #expect(reason.obstacle == .unsuitable)
    #expect(reason.problem == "it has 4 channels, so there is no channel 5")
  }

  @Test("What the user's configuration makes of the channels is kept")
  func tableOfTheUser() throws {
    let microphone = try array()
    #expect(ALSAConfiguration.hasChannelTable(microphone.secondChannelDevice))
    #expect(!ALSAConfiguration.hasChannelTable(microphone.convertedDevice))
    let listener = Listener(try MicrophoneSource(device: microphone.secondChannelDevice))
    #expect(try listener.capturing().channels == 1)
    try listener.read(samples: 4_000)
    let peak = listener.samples.reduce(0) { max($0, abs($1)) }
    #expect(abs(peak - 0.5 / 16) < 0.01, "\(peak)")
  }

  @Test("Each channel has a level of its own")
  func levelOfEach() throws {
    let levels = ChannelLevels()
    let microphone = try array()
    _ = try peak(microphone.device, .mean, levels: levels)
    let powers = try #require(levels.take())
    #expect(powers.count == 4 && powers[0] == 0 && powers[3] == 0)
    #expect(abs(powers[2] / powers[1] - 256) < 10, "\(powers)")
  }

  @Test("Channels of opposite phase are told, and one is heard from the start")
  func oppositePhase() throws {
    let frames = noise(16_000, amplitude: 0.5).flatMap { [$0, -$0] }
    let microphone = try FaultyMicrophone(sound: pcm16(frames), format: "S16_LE 16000 2", loops: true)
    let listener = Listener(try MicrophoneSource(device: microphone.device))
    #expect(try listener.signal() == .cancelling)
    #expect(listener.samples.reduce(0) { max($0, abs($1)) } > 0.45)
    #expect(listener.samples.count < 16_000, "after half a second")
  }

  @Test("What delivers faster than sound is noticed, and what comes in bursts is not")
  func clock() {
    var fast = SourceClock(sampleRate: 16_000, now: 0)
    let second: Int64 = 1_000_000_000
    let noticed = (1...20).first { fast.isTooFast(32_000, now: Int64($0) * second) }
    #expect(noticed == 5, "at twice the speed, after the two seconds that buffers may hold")
    var bursts = SourceClock(sampleRate: 16_000, now: 0)
    #expect(!(1...1000).contains { bursts.isTooFast(16_000, now: Int64($0) * second) })
  }
}
