import Foundation
import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import SerdTraining
import Testing

/// The windows that a network is trained on, against those that it meets in `serd`.
@Suite struct FeatureSetTests {
  /// Keeps what the pipeline hands to the network.
  final class Recorder: WindowClassifier {
    let model: QuantisedModel
    var description: ModelDescription { model.description }
    private(set) var windows: [(coefficients: [Float], gainStep: Int)] = []
    init(model: QuantisedModel) { self.model = model }
    func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
      let count = window.frameCount * window.coefficientCount
      windows.append((Array(UnsafeBufferPointer(start: window.coefficients, count: count)), window.gainStep))
    }
  }

  static func corpus(_ scratch: ScratchFolder, _ clips: [(samples: [Float], rate: Int)]) throws -> Corpus {
    let recordings = try clips.enumerated().map { index, clip in
      let path = try scratch.write("\(index).wav", WAVFile.float(clip.samples, rate: clip.rate))
      return Recording(path: path, label: index % 2, speaker: "s\(index)", text: "")
    }
    return Corpus(name: "made", labels: ["a", "b"], recordings: recordings, leftOut: [], terms: "")
  }

  static func window(_ features: FeatureSet, _ recording: Int, version: Int = 0) -> [Float] {
    features.withWindow(recording: recording, version: version) {
      Array(UnsafeBufferPointer(start: $0, count: features.windowSize))
    }
  }

  static func settings(
    _ versions: ClipVersions = .none, frontEnd: FrontEndSettings = .report, frames: Int = 21, seed: UInt64 = 1
  ) -> FeatureSettings {
    var settings = FeatureSettings(frontEnd: frontEnd, frames: frames)
    settings.versions = versions
    settings.seed = seed
    return settings
  }

  /// Clips up to a window long, so that the pipeline sees one window: loud, faint, with digital silence, at another
  /// rate.
  @Test("The window that is evaluated is the one that the pipeline hands to the network")
  func theEvaluatedWindowIsWhatThePipelineHandsToTheNetwork() throws {
    let scratch = try ScratchFolder()
    let voice = SyntheticCorpus.voice(pitch: 120, rate: 12, seconds: 1.5)
    let silence = [Float](repeating: 0, count: 3000)
    let clips: [(samples: [Float], rate: Int)] = [
      (Array(voice[..<FrontEndSettings.report.samples(inFrames: 61)]), 16000), (Array(voice[..<9000]), 16000),
      (voice[..<9001].map { $0 * 0.03 }, 16000), (silence + voice[..<9000] + silence, 16000),
      (SyntheticCorpus.voice(pitch: 150, rate: 9, seconds: 0.9, sampleRate: 22050), 22050),
    ]
    let corpus = try Self.corpus(scratch, clips)
    let features = try FeatureSet(of: corpus, settings: FeatureSettings(frontEnd: .report, frames: 61))
    let model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 61)
    for (index, recording) in corpus.recordings.enumerated() {
      let recorder = Recorder(model: model)
      let classifier = FileClassifier(classifier: recorder, transform: .chosen)
      let result = try classifier.classify(FileSource(path: recording.path))
      #expect(result.windows == 1 && result.speechWindows == 1, "clip \(index) must open the gate")
      let seen = try #require(recorder.windows.first)
      let level = FrontEndSettings.report.level
      let offset = InputScaling.c0Offset(decibels: Double(seen.gainStep) * level.stepSize, settings: .report)
      let window = Self.window(features, index, version: features.evaluationVersion)
      #expect(window.count == seen.coefficients.count)
      let expected = seen.coefficients.enumerated().map { $0.offset % 40 == 0 ? $0.element + offset : $0.element }
      #expect(relativeError(window, expected) == 0, "clip \(index)")
      #expect(seen.gainStep != 0, "clip \(index): the gain step is part of what is compared")
    }
  }

  @Test("A long clip gives the window of its loudest part")
  func aLongClipGivesItsLoudestPart() throws {
    let scratch = try ScratchFolder()
    let voice = SyntheticCorpus.voice(pitch: 120, rate: 12, seconds: 0.5)
    let length = FrontEndSettings.report.samples(inFrames: 21)
    let faint = SyntheticCorpus.voice(pitch: 120, rate: 12, seconds: 1).map { $0 * 0.01 }
    let start = 40 * 256
    // It starts above digital silence: what is trimmed would move the grid.
    let clip = [0.005] + Array(faint[1..<start]) + voice[..<length] + faint[..<7000]
    let corpus = try Self.corpus(scratch, [(clip, 16000), (Array(voice[..<length]), 16000)])
    let features = try FeatureSet(of: corpus, settings: Self.settings())
    // Not to the bit: the mean of the whole clip is taken out.
    #expect(relativeError(Self.window(features, 0), Self.window(features, 1)) < 1e-5)
    #expect(features.versions == 1)
  }

  @Test("Versions depend on the seed alone and all differ, and the plain window does not depend on it")
  func dependsOnTheSeedAlone() throws {
    let scratch = try ScratchFolder()
    let clips = (0..<5).map { (SyntheticCorpus.voice(pitch: 100 + 20 * Float($0), rate: 9, seconds: 0.4), 16000) }
    let corpus = try Self.corpus(scratch, clips)
    let versions = ClipVersions(
      speeds: [0.9, 1.1], vocalTractWarps: [0.95, 1.05], noiseFloor: 40...50, noisyShare: 0.5)
    func windows(seed: UInt64) throws -> [[[Float]]] {
      let features = try FeatureSet(of: corpus, settings: Self.settings(versions, seed: seed))
      #expect(features.versions == 5)
      return (0..<5).map { recording in (0..<5).map { Self.window(features, recording, version: $0) } }
    }
    let (first, again, other) = try (windows(seed: 1), windows(seed: 1), windows(seed: 2))
    #expect(first == again)
    for recording in 0..<5 {
      #expect(first[recording][0] == other[recording][0], "the plain window is not drawn")
      #expect(first[recording][1] != other[recording][1])
      #expect(Set(first[recording]).count == 5, "all versions differ")
      #expect(first[recording].joined().allSatisfy { $0.isFinite })
    }
  }

  @Test("Standardisation is the mean and deviation of the given recordings, and of no others")
  func standardisationKnowsOnlyTheGivenRecordings() throws {
    let scratch = try ScratchFolder()
    let clips = (0..<4).map { (SyntheticCorpus.voice(pitch: 90 + 40 * Float($0), rate: 9, seconds: 0.4), 16000) }
    let corpus = try Self.corpus(scratch, clips)
    let features = try FeatureSet(of: corpus, settings: Self.settings(ClipVersions(noiseFloor: 20...30)))
    let data = TrainingData(corpus: corpus, features: features)
    let standardisation = data.at([0, 2]).standardisation
    for k in 0..<40 {
      let values = [0, 2].flatMap { recording in
        stride(from: k, to: features.windowSize, by: 40).map { Double(Self.window(features, recording)[$0]) }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(standardisation.mean[k]) - mean) < 1e-4)
      #expect(abs(Double(standardisation.reciprocalDeviation[k]) * variance.squareRoot() - 1) < 1e-3)
    }
    #expect(standardisation != data.at([0, 1]).standardisation)
    #expect(standardisation == data.at([0, 2]).standardisation)
  }

  @Test("Clips of one to three samples give finite windows")
  func veryShortClipsGiveFiniteWindows() throws {
    let scratch = try ScratchFolder()
    let corpus = try Self.corpus(scratch, [([1e-6], 16000), ([0.5], 16000), ([0, 0.1, 0], 22050)])
    let versions = ClipVersions(speeds: [0.9, 1.1], noiseFloor: 40...50, noisyShare: 0.5)
    let features = try FeatureSet(of: corpus, settings: Self.settings(versions))
    for recording in 0..<3 {
      for version in 0..<3 { #expect(Self.window(features, recording, version: version).allSatisfy { $0.isFinite }) }
    }
  }

  @Test("A recording that is no sound, missing or silent is named in one line")
  func aRecordingThatCannotBeReadIsNamed() throws {
    let scratch = try ScratchFolder()
    let good = try scratch.write("a.wav", WAVFile.float(SyntheticCorpus.voice(pitch: 100, rate: 9, seconds: 0.4)))
    let bad = try scratch.write("b.wav", Array("this is not sound\n".utf8))
    let silent = try scratch.write("d.wav", WAVFile.float([Float](repeating: 0, count: 8000)))
    let recordings = [good, bad, "/nowhere/c.wav", silent].map { Recording(path: $0, label: 0, speaker: "", text: "") }
    for (chosen, name) in [([0, 1], bad), ([0, 2], "/nowhere/c.wav"), ([0, 3], silent)] {
      let corpus = Corpus(
        name: "", labels: ["a"], recordings: chosen.map { recordings[$0] }, leftOut: [], terms: "")
      let error = thrown(TrainingError.self) {
        try FeatureSet(of: corpus, settings: Self.settings())
      }
      #expect(error?.description.contains(name) == true && error?.description.contains("\n") == false)
    }
  }
}
