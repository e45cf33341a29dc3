import SerdAudio
import SerdFeatures
import SerdPipeline
import SerdTestKit
import Testing

@Suite struct FileClassifierTests {
  /// A source on samples in memory, delivered in odd portions.
  final class MemorySource: AudioSource {
    let native = NativeFormat(sampleRate: 16000, channels: 1, name: "memory")
    private var rest: ArraySlice<Float>
    init(_ samples: [Float]) { rest = samples[...] }
    func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
      let count = min(buffer.count, rest.count, 1777)
      for i in 0..<count { buffer[i] = rest[rest.startIndex + i] }
      rest = rest.dropFirst(count)
      return count
    }
  }

  private func classify(_ samples: [Float]) throws -> (file: FileResult, windows: [WindowResult]) {
    var windows: [WindowResult] = []
    let file = try FileClassifier(classifier: StubClassifier()).classify(MemorySource(samples)) { windows.append($0) }
    return (file, windows)
  }

  @Test("The chosen transform is the one that hears", arguments: TransformKind.allCases)
  func transform(kind: TransformKind) throws {
    let samples = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 6)
    var (expected, found): ([WindowResult], [WindowResult]) = ([], [])
    let pipeline = WindowPipeline(classifier: try StubClassifier(), transform: kind)
    samples.withUnsafeBufferPointer { pipeline.push($0) { expected.append($0) } }
    pipeline.finish { expected.append($0) }
    let classifier = FileClassifier(classifier: try StubClassifier(), transform: kind)
    _ = try classifier.classify(MemorySource(samples)) { found.append($0) }
    #expect(found == expected && expected.contains { $0.probabilities != nil })
  }

  @Test("A short clip is one window, padded as in training, whatever digital silence is around it")
  func aShortClipIsOneWindowPaddedAsInTraining() throws {
    let clip = Array(SyntheticSignal.chirp.samples(seconds: 2)[..<20000])
    let zeros = [Float](repeating: 0, count: 6000)
    let (file, windows) = try classify(zeros + clip + zeros)
    #expect(windows.count == 1 && file.windows == 1)
    let placed = try classify(ClipPadding.placed(clip[...], in: 32000))
    #expect(windows == placed.windows, "digital silence around a clip does not matter")
    #expect(file.duration == 2)
  }

  /// Half a second of speech is a quarter of a window, and all that there is.
  @Test("Half a second of a voice is speech, and a click is not")
  func aWordIsSpeechAndAClickIsNot() throws {
    #expect(try classify(SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 0.5)).file.best != nil)
    #expect(try classify([0.1, 0.5, -0.2]).file.best == nil)
  }

  @Test("The answer is the mean over windows with speech, weighted by the square of its share")
  func theAnswerIsTheMeanOverWindowsWithSpeechByTheSquareOfItsShare() throws {
    let speech = SyntheticSignal.chirp.samples(seconds: 3)
    let (file, windows) = try classify(speech + [Float](repeating: 0, count: 80000) + speech)
    let heard = windows.filter { $0.probabilities != nil }
    #expect(heard.count == file.speechWindows && heard.count < windows.count && file.windows == windows.count)
    let weights = heard.map { Float($0.openShare * $0.openShare) }
    #expect(weights.max()! > 2 * weights.min()!)
    for label in 0..<7 {
      let sum = zip(heard, weights).reduce(Float(0)) { $0 + $1.0.probabilities![label] * $1.1 }
      #expect(abs(file.probabilities![label] - sum / weights.reduce(0, +)) < 1e-5)
    }
    #expect(file.best == file.probabilities!.firstIndex(of: file.probabilities!.max()!))
  }

  @Test("Nothing and silence are no speech")
  func nothingAndSilenceAreNoSpeech() throws {
    for samples in [[], [0, 0, 0], [Float](repeating: 0, count: 200_000)] {
      let file = try classify(samples).file
      #expect(file.probabilities == nil && file.best == nil && file.speechWindows == 0)
      #expect(file.duration == Double(samples.count) / 16000)
    }
  }

  /// Ten minutes go through in pieces; the number of windows is that of the hops.
  @Test("Ten minutes have a window for every hop, and one at the end")
  func longRecordingsAreStreamed() throws {
    let minute = (0..<20).flatMap { _ in SyntheticSignal.noise.samples(seconds: 3) }
    let (file, windows) = try classify((0..<10).flatMap { _ in minute })
    #expect(file.duration == 600)
    let frames = (9_600_000 - 1024) / 256 + 1
    #expect(windows.count == (frames - 122) / 32 + 1 + ((frames - 122) % 32 == 0 ? 0 : 1))
  }
}

/// The gate on real speech and on what a room makes.
@Suite struct GateOnSoundTests {
  private func share(of samples: [Float]) throws -> Double {
    var shares: [Double] = []
    let pipeline = WindowPipeline(classifier: try StubClassifier())
    samples.withUnsafeBufferPointer { pipeline.push($0) { shares.append($0.openShare) } }
    return shares.max() ?? 0
  }

  @Test("Steady noise of any colour and level does not open the gate")
  func steadySoundsOfAnyColourAndLevelStayClosed() throws {
    for level in [Float(0.5), 0.1, 0.01, 0.0003] {
      var generator = TestGenerator(seed: 9)
      var (brown, pink) = (Float(0), Float(0))
      let white = (0..<160_000).map { _ in level * Float.random(in: -1...1, using: &generator) }
      let darker = white.map { sample in
        pink = 0.9 * pink + 0.3 * sample
        return pink
      }
      let darkest = white.map { sample in
        brown = 0.99 * brown + 0.1 * sample
        return brown
      }
      for noise in [white, darker, darkest] { #expect(try share(of: noise) == 0) }
    }
  }

  @Test(
    "Speech is found in every recording of EMO-DB",
    .enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
  func everyRecordingOfEMODBIsSpeech() throws {
    let classifier = FileClassifier(classifier: try StubClassifier())
    let files = RealSpeech.files(in: "emodb/wav")
    #expect(files.count == 535)
    for file in files {
      let result = try classifier.classify(FileSource(path: file))
      #expect(result.speechWindows == 1, "\(file)")
    }
  }

  /// RAVDESS has a second of room before and after each sentence: speech is heard in every file, and not in every
  /// window.
  @Test(
    "Speech is found in at least 99 of 100 recordings of RAVDESS",
    .enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
  func speechIsFoundInRAVDESS() throws {
    let classifier = FileClassifier(classifier: try StubClassifier())
    let files = RealSpeech.files(in: "ravdess").enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
    let heard = try files.filter { try classifier.classify(FileSource(path: $0)).speechWindows > 0 }
    #expect(Double(heard.count) >= 0.99 * Double(files.count), "\(heard.count) of \(files.count)")
  }
}
