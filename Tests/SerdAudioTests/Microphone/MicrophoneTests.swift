import Glibc
import SerdAudio
import SerdTestKit
import Testing

/// What a microphone in order delivers, through the real libasound with a plugin of ours.
@Suite struct MicrophoneTests {
  /// 16-bit samples of a signal, and what they are as floats.
  private func pcm(_ signal: [Float]) -> (bytes: [UInt8], samples: [Float]) {
    let values = signal.map { Int16(($0 * 32_767).rounded()) }
    return (
      values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] },
      values.map { Float($0) / 32_768 }
    )
  }

  @Test("16 kHz, 16 bit and one channel come through bit for bit")
  func sixteenKilohertz() throws {
    let (bytes, samples) = pcm(noise(40_000))
    let microphone = try FaultyMicrophone(sound: bytes, speed: 50)
    let listener = Listener(try MicrophoneSource(device: microphone.device, folder: microphone.folder))
    #expect(try listener.capturing() == NativeFormat(sampleRate: 16_000, channels: 1, name: "S16_LE"))
    try listener.read(samples: samples.count)
    #expect(identical(Array(listener.samples.prefix(samples.count)), samples))
    #expect(listener.events.count == 1, "\(listener.events)")
  }

  @Test("Of what the hardware has, 16 bits, one channel and 16 kHz are taken")
  func preferences() throws {
    let cases = [
      ("S32_LE,S16_LE 44100,16000,48000 2,1", "S16_LE 16000 1"), ("S32_LE,S24_3LE 44100,48000 2", "S24_3LE 48000 2"),
      ("FLOAT_LE 8000,22050 1", "FLOAT_LE 22050 1"), ("S24_LE,S32_LE 44100 4", "S24_LE 44100 4"),
    ]
    for (offered, taken) in cases {
      let microphone = try FaultyMicrophone(format: offered)
      for device in [microphone.device, microphone.convertedDevice] {
        let format = try Listener(MicrophoneSource(device: device, folder: microphone.folder)).capturing()
        #expect("\(format.name) \(format.sampleRate) \(format.channels)" == taken, "\(device) with \(offered)")
      }
    }
  }

  @Test("A format that is not read is converted where libasound may, and refused where it may not")
  func foreignFormat() throws {
    let microphone = try FaultyMicrophone(format: "U8 16000 1")
    let converted = Listener(try MicrophoneSource(device: microphone.convertedDevice, folder: microphone.folder))
    #expect(try converted.capturing() == NativeFormat(sampleRate: 16_000, channels: 1, name: "S16_LE"))
    let direct = Listener(try MicrophoneSource(device: microphone.device, folder: microphone.folder))
    #expect(try direct.obstacle().obstacle == .unsuitable)
  }
}
