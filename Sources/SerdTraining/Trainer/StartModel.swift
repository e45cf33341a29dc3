import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork

/// A float model that trainings start from: pretrained on another corpus, perhaps with other labels.
///
/// Its layers are taken, but for the last, which knows the other corpus's labels; so is no standardisation, which every
/// fold learns from its own speakers.
package struct StartModel: Sendable {
  /// The model.
  package let model: FloatModel
  /// SHA-256 of its file, which the recipe names.
  package let sha256: String
  private let bytes: [UInt8]

  /// - Throws: `ModelFileError` if the file cannot be read or holds no float model.
  package init(path: String) throws(ModelFileError) {
    bytes = try ModelFile.bytes(path: path)
    model = try FloatModel(parsing: bytes)
    sha256 = ModelFile.sha256(of: bytes)
  }

  /// Refuses a network of another shape, and a model that has heard the corpus: its test speakers would be no
  /// strangers.
  package func check(fits recipe: Recipe, corpus: Corpus) throws(TrainingError) {
    let own = model.description.architecture
    var wanted = recipe.architecture
    wanted.name = own.name
    guard own == wanted else {
      throw TrainingError(
        .usage, "\(model.description.name) is a network of another shape than recipe \(recipe.name) trains",
        advice: "pretrain with a recipe of the same architecture")
    }
    if let heard = corpus.testedParts.first(where: model.description.provenance.corpora.contains) {
      throw TrainingError(
        .usage, "\(model.description.name) was trained on \(heard), test speakers included",
        advice: "start from a model of other corpora")
    }
  }

  /// Where a model comes from that is trained by `provenance` from here: corpora and terms of both.
  package func extend(_ provenance: Provenance) -> Provenance {
    let own = model.description.provenance
    var both = provenance
    both.corpora = own.corpora + provenance.corpora.filter { !own.corpora.contains($0) }
    if own.terms != provenance.terms { both.terms = own.terms + "; " + provenance.terms }
    return both
  }

  /// Whether a run has it already: processes that share a run need not write it over and over.
  func isKept(at path: String) -> Bool {
    FileManager.default.contents(atPath: path).map { ModelFile.sha256(of: Array($0)) } == sha256
  }

  /// Copies it to where a run keeps it: a run carries what it started from.
  func write(to path: String) throws { try OutputFile.write(bytes, to: path) }
}

extension TrainableNetwork {
  /// Takes all layers but the last from a trained network of the same shape.
  func start(from model: FloatModel) throws(ModelFileError) {
    var tensors = export()
    for (name, tensor) in model.tensors where !name.hasPrefix("head.") {
      tensors[name] = (tensor.shape, tensor.values)
    }
    try load(tensors)
  }
}
