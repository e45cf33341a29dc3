import Glibc

/// A sine of the given frequency, `frames` long.
func tone(_ hertz: Double, rate: Int, frames: Int, amplitude: Double = 0.5) -> [Float] {
  (0..<frames).map { Float(amplitude * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
}

/// Something without structure that is the same in every run: white noise, uniform in ±amplitude.
func noise(_ count: Int, amplitude: Float = 0.5) -> [Float] {
  var state: UInt64 = 0x2545_F491_4F6C_DD1D
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return amplitude * (Float(state >> 40) / Float(1 << 23) - 1)
  }
}

/// Amplitude of the component at `hertz`, by correlation with a sine and a cosine under a Hann window, which keeps
/// neighbours out.
func amplitude(of hertz: Double, in samples: ArraySlice<Float>, rate: Int) -> Double {
  var (real, imaginary, weight) = (0.0, 0.0, 0.0)
  for (index, sample) in samples.enumerated() {
    let window = 0.5 - 0.5 * cos(2 * .pi * (Double(index) + 0.5) / Double(samples.count))
    let phase = 2 * .pi * hertz * Double(index) / Double(rate)
    real += window * Double(sample) * cos(phase)
    imaginary += window * Double(sample) * sin(phase)
    weight += window
  }
  return 2 * (real * real + imaginary * imaginary).squareRoot() / weight
}

/// 20 log10 of a ratio.
func decibels(_ ratio: Double) -> Double { 20 * log10(max(ratio, 1e-20)) }

/// The bytes of a PCM or float WAV file, with room to lie in each field of its header.
struct WaveBytes {
  var channels = 1
  var rate = 16_000
  var bits = 16
  /// 1 is PCM, 3 is float.
  var encoding = 1
  var data: [UInt8] = []
  /// Size that the header states, where it is not the data's.
  var statedSize: UInt32?
  /// Bytes of one frame that the header states, where they are not those of the bits.
  var frameBytes: Int?
  /// Chunks after the data.
  var trailer: [UInt8] = []

  var bytes: [UInt8] {
    var body = Array("WAVEfmt ".utf8) + little(16, 4) + little(encoding, 2) + little(channels, 2) + little(rate, 4)
    let frame = frameBytes ?? channels &* bits / 8
    body += little(rate &* frame, 4) + little(frame, 2) + little(bits, 2)
    body += Array("data".utf8) + little(Int(statedSize ?? UInt32(data.count)), 4) + data + trailer
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }

}

/// A number as bytes, the lowest first.
func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
}

/// Whether two signals are equal bit for bit. Not `==` inside an expectation, which would print both.
func identical(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}

/// 16-bit little-endian PCM.
func pcm16(_ samples: [Float]) -> [UInt8] {
  samples.flatMap { sample -> [UInt8] in
    let value = UInt16(bitPattern: Int16((sample * 32_767).rounded()))
    return [UInt8(value & 0xFF), UInt8(value >> 8)]
  }
}

/// 32-bit little-endian float.
func float32(_ samples: [Float]) -> [UInt8] {
  samples.flatMap { sample in (0..<4).map { UInt8(truncatingIfNeeded: sample.bitPattern >> (8 * $0)) } }
}
