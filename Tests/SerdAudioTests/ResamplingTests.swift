import CSndFile
import SerdAudio
import Testing

@Suite struct ResamplingTests {
  /// Puts a whole signal through, `step` samples at a time, into a buffer of `room`.
  func resample(_ input: [Float], from rate: Double, step: Int = 4_096, room: Int = 4_096) throws -> [Float] {
    let resampler = try Resampler(from: rate)
    var output: [Float] = []
    var block = [Float](repeating: 0, count: room)
    var start = 0
    while start < input.count {
      let end = min(start + step, input.count)
      let (consumed, produced) = input[start..<end].withUnsafeBufferPointer { part in
        block.withUnsafeMutableBufferPointer { resampler.process(part, into: $0) }
      }
      output += block[..<produced]
      start += consumed
    }
    while true {
      let produced = block.withUnsafeMutableBufferPointer { resampler.flush(into: $0) }
      if produced == 0 { return output }
      output += block[..<produced]
    }
  }

  @Test(
    "Tones from 8 kHz on vanish",
    arguments: [8_000, 8_001, 8_100, 8_500, 9_000, 10_000, 12_000, 15_000, 16_000, 16_500, 20_000, 23_900])
  func tonesAboveEightKilohertzVanish(hertz: Double) throws {
    let output = try resample(tone(hertz, rate: 48_000, frames: 96_000, amplitude: 1), from: 48_000)
    // Not at the ends: a tone that starts is a click, with sound at all frequencies.
    let loudest = output[4_000..<28_000].map { Double(abs($0)) }.max() ?? 1
    #expect(decibels(loudest) < -110)
  }

  @Test("Tones that the front end hears keep their level to 0.02 dB", arguments: [44_100, 48_000, 96_000, 768_000])
  func tonesThatTheFrontEndHearsAreKept(rate: Int) throws {
    for hertz in [20.0, 100, 1_000, 3_000, 5_000, 6_900, 7_000, 7_500, 7_600] {
      let output = try resample(tone(hertz, rate: rate, frames: rate), from: Double(rate))
      let change = decibels(amplitude(of: hertz, in: output[2_000..<14_000], rate: 16_000) / 0.5)
      #expect(abs(change) < 0.02, "\(hertz) Hz changed by \(change) dB")
    }
  }

  @Test("Upsampling adds no images", arguments: [8_000, 11_025])
  func upsamplingAddsNoImages(rate: Int) throws {
    // A 3 kHz tone has its first image at rate - 3,000 Hz.
    let output = try resample(tone(3_000, rate: rate, frames: rate), from: Double(rate))
    let image = amplitude(of: Double(rate) - 3_000, in: output[2_000..<14_000], rate: 16_000)
    #expect(decibels(image / 0.5) < -110)
  }

  @Test(
    "The output is as long as the input at the new rate, rounded",
    arguments: [1_000, 8_000, 11_025, 15_999, 16_001, 22_050, 44_100, 48_000, 999_983])
  func outputLengthIsTheRoundedQuotient(rate: Int) throws {
    for frames in [1, 2, 3, 5, 11, 100, 101, 1_023, 4_097, 30_001] {
      let output = try resample(noise(frames), from: Double(rate))
      #expect(output.count == Int((Double(frames) * 16_000 / Double(rate)).rounded()), "\(frames) frames")
    }
  }

  @Test(
    "It does not matter how the input is cut, or how much room there is", arguments: [8_000.0, 22_050, 44_100, 48_000])
  func theCutOfTheInputDoesNotMatter(rate: Double) throws {
    let input = noise(50_000)
    let whole = try resample(input, from: rate, step: 50_000, room: 200_000)
    #expect(try identical(resample(input, from: rate, step: 768, room: 4_096), whole))
    #expect(try identical(resample(input, from: rate, step: 1, room: 17), whole))
    #expect(try identical(resample(input, from: rate, step: 10_007, room: 1), whole))
  }

  @Test("The lag is bounded, and known to a sample")
  func lagIsBounded() throws {
    let resampler = try Resampler(from: 48_000)
    let input = noise(768)
    var output = [Float](repeating: 0, count: 1_024)
    var (put, got) = (0, 0)
    for _ in 0..<500 {
      let (consumed, produced) = input.withUnsafeBufferPointer { part in
        output.withUnsafeMutableBufferPointer { resampler.process(part, into: $0) }
      }
      #expect(consumed == 768)
      (put, got) = (put + consumed, got + produced)
      #expect(put / 3 - got <= 1_200)
      #expect(abs(Double(put) / 3 - Double(got) - resampler.delay) <= 1)
    }
  }

  @Test("Absurd rates are refused on either side", arguments: [0, 8, 999.9, -16_000, 1_000_001, .nan, .infinity])
  func absurdRatesAreRefused(rate: Double) {
    #expect(throws: AudioError.self) { try Resampler(from: rate) }
    #expect(throws: AudioError.self) { try Resampler(from: 48_000, to: rate) }
  }
}
