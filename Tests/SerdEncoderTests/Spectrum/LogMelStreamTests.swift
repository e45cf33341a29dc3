import SerdEncoder
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct LogMelStreamTests {
  private static let windowSamples = 32_000
  private static let sound: [Float] = {
    var generator = TestGenerator(seed: 4)
    return (0..<100_000).map { _ in Float.random(in: -0.3...0.3, using: &generator) }
  }()

  /// The stream's window after `samples` samples in blocks of 256.
  private func window(after samples: Int, of stream: LogMelStream) -> [Float] {
    Self.sound.withUnsafeBufferPointer {
      for start in stride(from: 0, to: samples, by: 256) { stream.hear($0.baseAddress! + start, count: 256) }
    }
    let window = stream.window
    return Array(UnsafeBufferPointer(start: window.values, count: window.count * EncoderShape.bands))
  }

  @Test("A window has the frames of the whole sound that lie within it, to the bit, wherever it ends")
  func windows() {
    let all = LogMel().frames(of: Self.sound)
    for samples in stride(from: 32_000, through: 98_560, by: 256 * 13) {
      let got = window(after: samples, of: LogMelStream(windowSamples: Self.windowSamples))
      let first = (samples - Self.windowSamples + 159) / 160
      let last = (samples - 400) / 160
      #expect(got == Array(all[first * 80..<(last + 1) * 80]), "\(samples)")
      #expect(got.count / 80 == 198 || got.count / 80 == 197)
    }
  }

  @Test("Windows at the hop of encoder models all have 198 frames, as a clip of 2 s has")
  func aligned() {
    for hop in 0..<8 {
      let got = window(after: 32_000 + hop * 30 * 256, of: LogMelStream(windowSamples: Self.windowSamples))
      #expect(got.count == 198 * 80)
    }
  }

  @Test("After a restart nothing of before is left")
  func restart() {
    let stream = LogMelStream(windowSamples: Self.windowSamples)
    let first = window(after: 40_960, of: stream)
    stream.restart()
    #expect(window(after: 40_960, of: stream) == first)
  }
}
