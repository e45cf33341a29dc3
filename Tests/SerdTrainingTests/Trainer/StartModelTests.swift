import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Synchronization
import Testing

/// Trainings that start from a model of another corpus.
@Suite struct StartModelTests {
  let tiny: TinyTraining
  let scratch: ScratchFolder

  init() throws {
    tiny = try TinyTraining()
    scratch = try ScratchFolder()
  }

  /// A trained model with three labels, said to be of another corpus.
  private func start(_ corpus: String = "OTHER", recipe: Recipe = TinyTraining.recipe) throws -> StartModel {
    let network = TrainableNetwork(
      architecture: recipe.architecture, frames: recipe.windowFrames, coefficients: 40, classes: 3, seed: 9)
    let description = ModelDescription(
      name: "pretrained", architecture: recipe.architecture, frontEnd: recipe.frontEnd,
      windowFrames: recipe.windowFrames, labels: ["a", "b", "c"],
      provenance: Provenance(
        corpora: [corpus], terms: "ask", recipe: "tiny", seed: 9, revision: "", command: ""))
    let tensors = network.export().mapValues { FloatModel.Tensor(shape: $0.shape, values: $0.values) }
    let bytes = try FloatModel(description: description, tensors: tensors).serialised()
    return try StartModel(path: scratch.write("pretrained.safetensors", bytes))
  }

  /// At a learning rate of nothing the body stays what it was, and the last layer is this corpus's own.
  @Test("Training starts from a model's body, with a last layer of its own corpus")
  func trainingStartsFromTheBodyOnly() throws {
    let start = try start()
    var recipe = TinyTraining.recipe
    recipe.start = start.sha256
    recipe.schedule = .cosine(initial: 0, final: 0)
    recipe.epochs = 1
    let trainer = Trainer(recipe: recipe, data: tiny.data, seed: 7, threads: 1, start: start)
    try trainer.run { _ in }
    let model = try trainer.model(name: "tiny", provenance: TinyTraining.provenance)
    let head = try #require(model.tensors["head.weight"])
    #expect(head.shape == [7, 48])
    for (name, tensor) in start.model.tensors where name.hasSuffix("conv.weight") {
      #expect(model.tensors[name]?.values == tensor.values, "\(name)")
    }
  }

  @Test("A run keeps the model that it started from, and refuses another")
  func aRunCarriesItsStartAndKnowsAnother() throws {
    let start = try start()
    var recipe = TinyTraining.recipe
    recipe.start = start.sha256
    let experiment = Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: recipe)
    let path = scratch.path + "/run"
    #expect(try RunFolder(path: path, experiment: experiment, start: start).start()?.sha256 == start.sha256)
    #expect(try RunFolder(path: path, experiment: experiment).start()?.sha256 == start.sha256, "read from the folder")
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      do { _ = try RunFolder(path: path, experiment: experiment, start: start) } catch {
        failures.withLock { $0 += 1 }
      }
    }
    #expect(failures.withLock { $0 } == 0, "processes that share a run may all name its start")
    let plain = Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: TinyTraining.recipe)
    #expect(thrown(TrainingError.self) { try RunFolder(path: path, experiment: plain) } != nil)
    let copy = path + "/start.safetensors"
    let other = try self.start("THIRD")
    var another = recipe
    another.start = other.sha256
    let strange = Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: another)
    #expect(thrown(TrainingError.self) { try RunFolder(path: path, experiment: strange, start: other) } != nil)
    #expect(try StartModel(path: copy).sha256 == start.sha256, "a run that refuses another keeps its own start")
    try FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: scratch.path + "/pretrained.safetensors", toPath: copy)
    #expect(other.sha256 != start.sha256)
    let error = thrown(TrainingError.self) { try RunFolder(path: path, experiment: experiment) }
    #expect(error?.problem.contains("started from") == true)
  }

  /// A calibration trains again, from the same start.
  @Test("A cross-validation from a start names the corpora and the terms of both")
  func crossValidationAndCalibrationStartThere() throws {
    let start = try start()
    var recipe = TinyTraining.recipe
    recipe.start = start.sha256
    recipe.epochs = 1
    let experiment = Experiment(corpus: "EMO-DB", testedBy: .folds(.groups(2)), recipe: recipe)
    let path = scratch.path + "/run"
    let folds = EvaluationProtocol.groups(2).folds(of: tiny.corpus)
    let run = CrossValidation(
      folder: try RunFolder(path: path, experiment: experiment, start: start), corpus: tiny.corpus, seeds: [1],
      folds: folds, provenance: start.extend(TinyTraining.provenance))
    let results = try run.run(on: tiny.features, jobs: 1) { _ in }
    #expect(results.count == 2)
    let record = try RunRecord(folders: [path])
    #expect(record.provenance.corpora == ["OTHER", "EMO-DB"] && record.provenance.terms == "ask; none")
  }

  @Test("A start of another shape, or that has heard the test speakers, is refused")
  func whatCannotStartIsRefused() throws {
    let start = try start()
    try start.check(fits: TinyTraining.recipe, corpus: tiny.corpus)
    let wider = thrown(TrainingError.self) { try start.check(fits: .robust, corpus: tiny.corpus) }
    #expect(wider?.problem.contains("another shape") == true)
    let heard = try self.start("EMO-DB")
    let error = thrown(TrainingError.self) { try heard.check(fits: TinyTraining.recipe, corpus: tiny.corpus) }
    #expect(error?.problem.contains("test speakers included") == true)
    let strangers = Corpus(
      name: "THIRD", labels: tiny.corpus.labels, recordings: tiny.corpus.recordings, leftOut: [], terms: "")
    let joint = try Corpus.joined([strangers, tiny.corpus])
    #expect(thrown(TrainingError.self) { try heard.check(fits: TinyTraining.recipe, corpus: joint) } != nil)
  }
}
