import Foundation
import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdTestKit
import SerdTraining
import Synchronization
import Testing

/// Features that are kept must be those that would be computed, or not be used.
@Suite struct FeatureCacheTests {
  private let scratch: ScratchFolder
  private let cache: FeatureCache

  init() throws {
    scratch = try ScratchFolder()
    cache = FeatureCache(folder: scratch.path + "/cache")
  }

  private func corpus(pitches: [Float]) throws -> Corpus {
    try FeatureSetTests.corpus(
      scratch, pitches.map { (SyntheticCorpus.voice(pitch: $0, rate: 9, seconds: 0.4), 16000) })
  }

  private func features(
    _ corpus: Corpus, frames: Int = 21, seed: UInt64 = 1, cache: FeatureCache? = nil
  ) throws -> FeatureSet {
    let versions = ClipVersions(speeds: [1, 1.1], noiseFloor: 40...50, noisyShare: 0.5)
    return try FeatureSet(
      of: corpus, settings: FeatureSetTests.settings(versions, frames: frames, seed: seed), cache: cache ?? self.cache)
  }

  @Test("Each transform has features of its own", .enabled(if: TransformKind.allCases.count > 1))
  func transforms() throws {
    let corpus = try corpus(pitches: [110])
    for (index, transform) in TransformKind.allCases.enumerated() {
      var settings = FeatureSetTests.settings(.none, frames: 21, seed: 1)
      settings.transform = transform
      #expect(try !FeatureSet(of: corpus, settings: settings, cache: cache).isFromCache)
      #expect(kept.count == index + 1)
      #expect(try FeatureSet(of: corpus, settings: settings, cache: cache).isFromCache)
    }
  }

  private func values(_ features: FeatureSet, recordings: Int) -> [[Float]] {
    (0..<recordings).flatMap { recording in
      (0...features.versions).map { FeatureSetTests.window(features, recording, version: $0) }
    }
  }

  private var kept: [String] { (try? FileManager.default.contentsOfDirectory(atPath: cache.folder).sorted()) ?? [] }

  @Test("A second run reads the features that the first one computed")
  func aSecondRunReadsWhatTheFirstComputed() throws {
    let corpus = try corpus(pitches: [110, 180, 240])
    let first = try features(corpus)
    let second = try features(corpus)
    #expect(!first.isFromCache && second.isFromCache && first.cacheProblem == nil)
    #expect(values(first, recordings: 3) == values(second, recordings: 3))
    #expect(kept.count == 1)
  }

  @Test("With other settings, another seed or other sound the features are computed")
  func otherSettingsAndOtherSoundAreComputed() throws {
    let one = try corpus(pitches: [110, 180])
    _ = try features(one)
    #expect(try !features(one, frames: 22).isFromCache)
    #expect(try !features(one, seed: 2).isFromCache)
    // The same files, of which the last has other sound now.
    #expect(try !features(corpus(pitches: [110, 200])).isFromCache)
    // And a part of one of them.
    let recordings = one.recordings.map { Recording(path: $0.path, label: 0, speaker: "", text: "", span: 800..<6000) }
    let part = Corpus(name: "", labels: ["a"], recordings: recordings, leftOut: [], terms: "")
    #expect(try !features(part).isFromCache)
    #expect(kept.count == 5)
  }

  @Test(
    "A damaged or foreign file of the cache is computed anew and replaced",
    arguments: ["flipped bit", "cut", "empty", "foreign"])
  func aDamagedFileIsComputedAnewAndReplaced(_ damage: String) throws {
    let corpus = try corpus(pitches: [110, 180])
    // Read before the damage: a set reads its file when it is asked.
    let whole = values(try features(corpus), recordings: 2)
    let file = cache.folder + "/" + (try #require(kept.first))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    switch damage {
    case "flipped bit": bytes[bytes.count - 3] ^= 1
    case "cut": bytes.removeLast(100)
    case "empty": bytes = Data()
    default:
      // Whole, but of another program: only the trial can tell.
      #expect(try !features(self.corpus(pitches: [110, 200])).isFromCache)
      _ = try self.corpus(pitches: [110, 180])
      let name = try #require(kept.first { !file.hasSuffix($0) })
      bytes = try Data(contentsOf: URL(fileURLWithPath: cache.folder + "/" + name))
    }
    try bytes.write(to: URL(fileURLWithPath: file))
    let again = try features(corpus)
    #expect(!again.isFromCache)
    #expect(values(again, recordings: 2) == whole)
    #expect(try features(corpus).isFromCache)
  }

  @Test("When there is no room the features unused longest go, and too large ones are not kept")
  func theLongestUnusedGoWhenThereIsNoRoom() throws {
    let corpora = try [Float](arrayLiteral: 110, 150, 190).map { pitch in
      let path = try scratch.write(
        "\(pitch).wav", WAVFile.float(SyntheticCorpus.voice(pitch: pitch, rate: 9, seconds: 0.4)))
      return Corpus(
        name: "", labels: ["a"], recordings: [Recording(path: path, label: 0, speaker: "", text: "")], leftOut: [],
        terms: "")
    }
    _ = try features(corpora[0])
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: cache.folder + "/" + kept[0])[.size] as? Int)
    let small = FeatureCache(folder: cache.folder, limit: 2 * size)
    _ = try features(corpora[1], cache: small)
    // Used again, so the second is now the one to go.
    #expect(try features(corpora[0], cache: small).isFromCache)
    _ = try features(corpora[2], cache: small)
    #expect(try features(corpora[0], cache: small).isFromCache)
    #expect(try !features(corpora[1], cache: small).isFromCache)
    #expect(kept.count == 2)
    // One that is too large for the limit is not kept, and costs the others nothing.
    let none = FeatureCache(folder: cache.folder, limit: size - 1)
    #expect(try features(corpora[0], frames: 40, cache: none).cacheProblem == nil)
    #expect(kept.count == 2)
  }

  @Test("A cache folder that cannot be written is named in one line, and features are there all the same")
  func aFolderThatCannotBeWrittenIsNamedAndTheFeaturesAreThere() throws {
    let file = try scratch.write("file", [])
    let features = try features(corpus(pitches: [110]), cache: FeatureCache(folder: file + "/cache"))
    let line = try #require(features.cacheProblem?.description)
    #expect(line.contains(file + "/cache") && line.contains("XDG_CACHE_HOME") && !line.contains("\n"))
    #expect(FeatureSetTests.window(features, 0).allSatisfy { $0.isFinite })
  }

  @Test("Without a cache the features are in a file that has no name and goes with them")
  func withoutACacheNothingIsLeftOver() throws {
    let corpus = try corpus(pitches: [110, 180])
    let settings = FeatureSetTests.settings(.none, frames: 21, seed: 1)
    let uncached = try FeatureSet(of: corpus, settings: settings)
    #expect(kept.isEmpty)
    let cached = try FeatureSet(of: corpus, settings: settings, cache: cache)
    #expect(values(uncached, recordings: 2) == values(cached, recordings: 2))
  }

  @Test("Every recording is told as it is done, and a recording that fails leaves no file behind")
  func progressIsTold() throws {
    let corpus = try corpus(pitches: [110, 180, 240])
    let told = Mutex<[Int]>([])
    let settings = FeatureSetTests.settings(.none, frames: 21, seed: 1)
    _ = try FeatureSet(of: corpus, settings: settings, cache: cache) { done in told.withLock { $0.append(done) } }
    #expect(told.withLock { $0.sorted() } == [1, 2, 3])
    try Data(WAVFile.float([Float](repeating: 0, count: 8000))).write(
      to: URL(fileURLWithPath: corpus.recordings[1].path))
    let error = thrown(TrainingError.self) { try FeatureSet(of: corpus, settings: settings, cache: cache) }
    #expect(error?.description.contains(corpus.recordings[1].path) == true)
    #expect(kept.count == 1)
  }

  @Test("The cache's limit is a setting", arguments: [("12", 12), ("", 8), ("0", 0)])
  func theLimitIsASetting(text: String, gibibytes: Int) throws {
    let cache = try FeatureCache.standard(environment: ["HOME": "/home/a", "SERTRAIN_CACHE_GIB": text])
    #expect(cache?.limit == gibibytes << 30)
    #expect(cache?.folder == "/home/a/.cache/sertrain")
  }

  @Test("A limit that is no number is refused with what it should be", arguments: ["8G", "-1", "many"])
  func aLimitThatIsNoNumberIsRefused(text: String) {
    let error = thrown(TrainingError.self) {
      try FeatureCache.standard(environment: ["HOME": "/home/a", "SERTRAIN_CACHE_GIB": text])
    }
    #expect(error?.description.contains("SERTRAIN_CACHE_GIB") == true && error?.description.contains(text) == true)
  }

  @Test("A recording that is gone is named, though its features are in the cache")
  func aRecordingThatIsGoneIsNamedThoughItsFeaturesAreKept() throws {
    let corpus = try corpus(pitches: [110])
    _ = try features(corpus)
    try FileManager.default.removeItem(atPath: corpus.recordings[0].path)
    let error = thrown(TrainingError.self) { try features(corpus) }
    #expect(error?.description.contains(corpus.recordings[0].path) == true)
  }
}
