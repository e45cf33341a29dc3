import Glibc
import SerdAudio
import SerdTestKit
import Testing

/// Four recordings of RAVDESS as published (48 kHz, one of them stereo) against the same at 16 kHz, which another
/// program resampled.
@Suite(.enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
struct RealSpeechTests {
  @Test(
    "A recording at 48 kHz is nearly the one that another program resampled",
    arguments: [
      "03-01-02-01-01-02-01", "03-01-03-02-01-02-04", "03-01-04-01-02-01-03", "03-01-05-02-01-01-02",
    ])
  func nativeRecordingsEqualTheirTwins(stem: String) throws {
    let folder = try #require(RealSpeech.folder)
    let native = try FileSource(path: "\(folder)/ravdess-native/\(stem).wav")
    #expect(native.native.sampleRate == 48_000)
    let twin = try FileSource(path: "\(folder)/ravdess/Actor_\(stem.suffix(2))/\(stem).flac")
    let (ours, theirs) = (try native.readAll(), try twin.readAll())
    #expect(abs(ours.count - theirs.count) <= 1)
    var (both, own, other) = (0.0, 0.0, 0.0)
    for (a, b) in zip(ours, theirs) {
      both += Double(a) * Double(b)
      own += Double(a) * Double(a)
      other += Double(b) * Double(b)
    }
    #expect(both / (own * other).squareRoot() > 0.999)
    #expect(abs(decibels((own / other).squareRoot())) < 0.1)
  }

  @Test("A recording of EMO-DB has the length that its header says")
  func aCorpusFileHasItsLength() throws {
    let folder = try #require(RealSpeech.folder)
    let source = try FileSource(path: "\(folder)/emodb/wav/03a01Fa.wav")
    #expect(source.native.sampleRate == 22_050)
    let duration = try #require(source.duration)
    #expect(try source.readAll().count == Int((duration * 16_000).rounded()))
  }
}
