import Foundation
import SerdAudio
import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import SerdTraining
import Testing

/// A generated corpus of two emotions and a small random encoder: enough to tell a low slow voice from a high fast one.
private struct TinyHeads {
  /// Held, since the folder goes with it.
  let scratch: ScratchFolder
  let corpus: Corpus
  let encoder: QuantisedEncoder
  let data: PooledData

  static func recipe(versions: Int = 1, following: Bool = false) -> Recipe {
    var recipe = Recipe.head
    recipe.name = "tiny head"
    recipe.head?.versions = versions
    recipe.head?.room = Recipe.headRooms.head?.room
    recipe.head?.following = following ? SpeakerFollowing() : nil
    return recipe
  }

  init(_ recipe: Recipe = Self.recipe(), cache: FeatureCache? = nil) throws {
    scratch = try ScratchFolder()
    try SyntheticCorpus.writeEMODB(
      into: scratch.path, speakers: ["03", "08", "09", "10"], letters: "WF", sentences: 2, seconds: 2.7)
    corpus = try EMODB.read(folder: scratch.path)
    encoder = try QuantisedEncoder.random(EncoderShape(width: 32, heads: 2, blocks: 2))
    let head = recipe.head!
    let features = try PooledFeatures(
      of: corpus, encoder: encoder, settings: head.pooling(frontEnd: recipe.frontEnd, windowFrames: 122), cache: cache)
    data = PooledData(corpus: corpus, features: features, shape: encoder.shape, blocks: head.blocks)
  }

  func results(_ run: String, recipe: Recipe = Self.recipe(), by name: String = "loso") throws -> [FoldResult] {
    let evaluation = try #require(EvaluationProtocol(name: name))
    let experiment = Experiment(corpus: corpus, testedBy: .folds(evaluation), recipe: recipe)
    return try HeadValidation(
      folder: try RunFolder(path: run, experiment: experiment),
      jobs: evaluation.folds(of: corpus).map { (FoldID(seed: 1, fold: $0.name), $0) },
      provenance: TinyTraining.provenance
    ).run(on: data, encoder: encoder, jobs: 2) { _ in }
  }
}

@Suite("Heads on a pretrained encoder") struct HeadTests {
  @Test("A head learns to tell voices of unheard speakers, and its model answers as serd does")
  func learns() throws {
    let tiny = try TinyHeads()
    let results = try tiny.results(tiny.scratch.path + "/run")
    let decisions = results.flatMap(\.int8)
    #expect(decisions.count == 16)
    #expect(decisions.matrix(tiny.corpus.labels.count).unweightedAccuracy >= 0.75)
    let file = tiny.scratch.path + "/run/seed-1/fold-08/int8.safetensors"
    let model = try Model(parsing: ModelFile.bytes(path: file))
    let classifier = FileClassifier(classifier: model.makeClassifier(), transform: .chosen)
    for decision in try #require(results.first { $0.fold == "08" }).int8 {
      let recording = try #require(tiny.corpus.recordings.first { $0.name == decision.recording })
      let heard = try #require(classifier.classify(FileSource(path: recording.path)).probabilities)
      #expect(zip(heard, decision.probabilities).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("Heads are tried in noise and rooms as networks are, following in the same order")
  func robustness() throws {
    let recipe = TinyHeads.recipe(following: true)
    let tiny = try TinyHeads(recipe)
    let run = tiny.scratch.path + "/run"
    let results = try tiny.results(run, recipe: recipe, by: "loso-adapted")
    let robustness = try Robustness(of: RunFolder(reading: run), corpus: tiny.corpus) { _ in }
    #expect(robustness.trials.count == Robustness.conditions.count)
    let (clean, expected) = (robustness.trials[0].decisions, results.flatMap(\.int8))
    #expect(clean.map(\.recording) == expected.map(\.recording))
    #expect(clean.map(\.prediction) == expected.map(\.prediction))
  }

  @Test("The same run gives the same models to the bit, and what is done is not done again")
  func again() throws {
    let tiny = try TinyHeads()
    let (one, two) = (tiny.scratch.path + "/one", tiny.scratch.path + "/two")
    let results = try tiny.results(one)
    #expect(try tiny.results(two).map(\.int8) == results.map(\.int8))
    let file = "/seed-1/fold-03/int8.safetensors"
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: one + file)) == Data(contentsOf: URL(fileURLWithPath: two + file)))
    try FileManager.default.removeItem(atPath: one + file)
    #expect(try tiny.results(one) == results)
    #expect(!FileManager.default.fileExists(atPath: one + file), "the fold was not trained again")
  }

  @Test("Features are the same from the cache, and of any version they are those of the recording")
  func cached() throws {
    let scratch = try ScratchFolder()
    let cache = FeatureCache(folder: scratch.path + "/cache")
    let (fresh, alone) = (try TinyHeads(cache: cache), try TinyHeads())
    let kept = try TinyHeads(cache: cache)
    #expect(!fresh.data.features.isFromCache && kept.data.features.isFromCache && !alone.data.features.isFromCache)
    for recording in 0..<16 {
      for version in 0..<2 {
        let windows = fresh.data.features.windows(recording: recording, version: version)
        #expect(windows == kept.data.features.windows(recording: recording, version: version))
        #expect(windows == alone.data.features.windows(recording: recording, version: version))
      }
      #expect(!fresh.data.features.windows(recording: recording, version: 0).isEmpty)
      #expect(
        fresh.data.features.windows(recording: recording, version: 0)
          != fresh.data.features.windows(recording: recording, version: 1))
    }
  }

  @Test("A head that follows is heard in an order drawn at random, and also emotion by emotion")
  func following() throws {
    let recipe = TinyHeads.recipe(following: true)
    let tiny = try TinyHeads(recipe)
    let results = try tiny.results(tiny.scratch.path + "/run", recipe: recipe, by: "loso-adapted")
    for result in results {
      let byEmotion = try #require(result.emotionByEmotion)
      #expect(byEmotion.map(\.truth) == byEmotion.map(\.truth).sorted())
      #expect(Set(byEmotion.map(\.recording)) == Set(result.int8.map(\.recording)))
    }
    #expect(results.contains { $0.int8.map(\.recording) != $0.int8.map(\.recording).sorted() })
    let experiment = Experiment(corpus: tiny.corpus, testedBy: .folds(.losoAdapted), recipe: recipe)
    let table = ResultTable(experiment: experiment, labels: tiny.corpus.labels, results: results).markdown
    #expect(table.contains("in an order drawn at random") && table.contains("| int8, emotion by emotion |"))
    #expect(!table.contains("| float |") && !table.contains("epochs"))
  }

  @Test("The model of all speakers has the figures and the temperature of its cross-validation")
  func shipped() throws {
    let tiny = try TinyHeads()
    _ = try tiny.results(tiny.scratch.path + "/run")
    let figures = try CrossValidationFigures(record: try RunRecord(folders: [tiny.scratch.path + "/run"]))
    let experiment = Experiment(corpus: tiny.corpus, testedBy: .nobody, recipe: TinyHeads.recipe())
    let folder = try RunFolder(path: tiny.scratch.path + "/all", experiment: experiment)
    try ShippedHead.train(
      into: folder, data: tiny.data, encoder: tiny.encoder, name: "tiny", provenance: TinyTraining.provenance,
      evaluation: figures
    ) { _ in }
    let model = try EncoderModel(parsing: ModelFile.bytes(path: folder.training.int8))
    #expect(model.description.name == "tiny" && model.description.temperature == figures.temperature)
    #expect(model.description.evaluation["loso.int8.UA"] == figures.byName["loso.int8.UA"])
    #expect(model.description.evaluation.keys.allSatisfy { !$0.contains("float") })
    #expect(model.description.frontEnd.standardisation != nil, "for novelty")
  }
}
