import CSndFile
import SerdAudio
import SerdTestKit
import Testing

/// Two channels, which have a way of their own through the mixer.
@Suite struct StereoTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func heard(_ channels: [[Float]]) throws -> (samples: [Float], remarks: [FileRemark.Kind]) {
    let path = try scratch.write(
      "x.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: 16_000, channels: channels.count,
      channels[0].indices.flatMap { index in channels.map { $0[index] } })
    let source = try FileSource(path: path)
    return (try source.readAll(), source.remarks.map(\.kind))
  }

  @Test(
    "The mean of two channels is half their sum, to the bit, whatever the length",
    arguments: [1, 7, 8, 511, 513, 20_003])
  func mean(length: Int) throws {
    let one = noise(length)
    let other = Array(noise(2 * length)[length...])
    let expected = zip(one, other).map { ($0 + $1) / 2 }
    #expect(try identical(heard([one, other]).samples, expected))
  }

  @Test("A constant part of each channel does not hide that they cancel")
  func cancellingWithOffsets() throws {
    let sound = noise(32_000)
    let channels = [sound.map { $0 / 2 + 0.3 }, sound.map { -$0 / 2 + 0.2 }]
    #expect(try heard(channels).remarks == [.cancelling(channel: 1, of: 2)])
  }

  @Test("A sample that is no number is found wherever it is", arguments: [0, 15, 16, 100, 1022, 1023])
  func noNumber(place: Int) throws {
    for bad in [Float.nan, .infinity, -1e13] {
      var sound = noise(512)
      var other = sound
      if place % 2 == 0 { sound[place / 2] = bad } else { other[place / 2] = bad }
      let error = try #require(thrown(AudioError.self) { try heard([sound, other]) })
      #expect(error.problem.contains("no number"))
    }
  }
}
