import SerdAudio
import SerdSystem
import SerdTestKit
import Testing

/// What a microphone's sound is like when it comes out of `MicrophoneSource`.
@Suite struct MicrophoneSignalTests {
  private func listen(to microphone: FaultyMicrophone, converted: Bool = false) throws -> Listener {
    let device = converted ? microphone.convertedDevice : microphone.device
    return Listener(try MicrophoneSource(device: device, folder: microphone.folder))
  }

  /// The same sound in both channels, as 16-bit frames.
  private func stereo(_ samples: [Float]) -> [UInt8] { pcm16(samples.flatMap { [$0, $0] }) }

  @Test(
    "At 48 kHz stereo, tones between 8 and 12 kHz vanish and 1 kHz keeps its level, also through the plug plugin",
    arguments: [false, true])
  func aliasing(converted: Bool) throws {
    let frames = 60_000
    var mixture = tone(1_000, rate: 48_000, frames: frames, amplitude: 0.2)
    let high = [8_100.0, 9_000, 10_500, 11_900]
    for hertz in high {
      let one = tone(hertz, rate: 48_000, frames: frames, amplitude: 0.15)
      for index in 0..<frames { mixture[index] += one[index] }
    }
    let microphone = try FaultyMicrophone(
      sound: stereo(mixture), format: "S16_LE 44100,48000 2", speed: 20, loops: true)
    let listener = try listen(to: microphone, converted: converted)
    #expect(try listener.capturing() == NativeFormat(sampleRate: 48_000, channels: 2, name: "S16_LE"))
    try listener.read(samples: 16_000)
    let sound = listener.samples[1_000..<16_000]
    #expect(abs(decibels(amplitude(of: 1_000, in: sound, rate: 16_000) / 0.2)) < 0.05)
    for hertz in high {
      // What the sample rate folds a tone to that is not filtered out.
      let alias = 16_000 - hertz
      let level = decibels(amplitude(of: alias, in: sound, rate: 16_000) / 0.15)
      #expect(level < -80, "\(hertz) Hz comes out at \(alias) Hz with \(level) dB")
    }
  }

  @Test("What comes out at 44.1 kHz is what a file of the same sound gives, bit for bit")
  func sameAsFile() throws {
    let sound = noise(50_000)
    let scratch = try Scratch()
    let file = try scratch.write("noise.wav", WaveBytes(rate: 44_100, data: pcm16(sound)).bytes)
    let expected = try FileSource(path: file).readAll()
    let microphone = try FaultyMicrophone(sound: pcm16(sound), format: "S16_LE 44100 1", speed: 20)
    let listener = try listen(to: microphone)
    let count = expected.count - 1_600
    try listener.read(samples: count)
    #expect(identical(Array(listener.samples.prefix(count)), Array(expected.prefix(count))))
  }

  @Test(
    "All sample formats are read with their full scale",
    arguments: ["S16_LE", "S24_LE", "S24_3LE", "S32_LE", "FLOAT_LE"])
  func formats(name: String) throws {
    let values: [Float] = [0.5, 0.25, -1, -0.75]
    let bytes = values.flatMap { value -> [UInt8] in
      func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
      return switch name {
      case "S16_LE": little(Int(value * 32_768), 2)
      // Rubbish in the byte that is not defined.
      case "S24_LE": little(Int(value * 8_388_608), 3) + [0x5A]
      case "S24_3LE": little(Int(value * 8_388_608), 3)
      case "S32_LE": little(Int(Double(value) * 2_147_483_648), 4)
      default: little(Int(value.bitPattern), 4)
      }
    }
    // Two channels: their mean.
    let microphone = try FaultyMicrophone(sound: bytes, format: "\(name) 16000 2", speed: 0)
    let listener = try listen(to: microphone)
    try listener.read(samples: 2)
    #expect(Array(listener.samples.prefix(2)) == [0.375, -0.875])
  }

  @Test("A muted microphone is reported as flat, and as usable again")
  func flat() throws {
    let microphone = try FaultyMicrophone(sound: pcm16(noise(16_000, amplitude: 0.1)), speed: 20, loops: true)
    try microphone.set(.flat)
    let listener = try listen(to: microphone)
    #expect(try listener.signal() == .flat)
    #expect(listener.samples.count >= 48_000 - 1_600 && listener.samples.count < 80_000, "after about 3 s")
    try microphone.clear(.flat)
    #expect(try listener.signal() == .normal)
    try microphone.unplug()
    try listener.obstacle()
  }

  @Test("A gain that is too high is reported as clipping")
  func clipping() throws {
    let loud = tone(200, rate: 16_000, frames: 16_000, amplitude: 1.5).map { min(1, max(-1, $0)) }
    let microphone = try FaultyMicrophone(sound: pcm16(loud), speed: 20, loops: true)
    #expect(try listen(to: microphone).signal() == .clipping)
  }

  @Test("One clipped channel of two is clipping, though their mean is far from full scale")
  func oneChannelClips() throws {
    let loud = tone(200, rate: 16_000, frames: 16_000, amplitude: 1.5).map { min(1, max(-1, $0)) }
    let microphone = try FaultyMicrophone(
      sound: pcm16(loud.flatMap { [$0, 0] }), format: "S16_LE 16000 2", speed: 20, loops: true)
    #expect(try listen(to: microphone).signal() == .clipping)
  }

  @Test("Times of samples go on without a jump and agree with the clock")
  func times() throws {
    let microphone = try FaultyMicrophone(sound: pcm16(noise(48_000)), format: "S16_LE 48000 1", loops: true)
    let before = MonotonicClock.now
    let listener = try listen(to: microphone)
    try listener.read(samples: 1)
    let (first, count) = (try #require(listener.heardAt), listener.samples.count)
    try listener.read(samples: 12_000)
    let last = try #require(listener.heardAt)
    #expect(before < first && last <= MonotonicClock.now)
    let heard = Double(listener.samples.count - count) / 16_000
    #expect(abs(Double(last - first) / 1e9 - heard) < 0.25, "times of \(heard) s of sound differ by \(last - first) ns")
  }
}
