import Foundation
import SerdNetwork
import SerdPipeline
import SerdProtocol
import SerdTestKit
import Testing

/// What lies in `models`: every model runs, keeps its size and its terms, and its card has the figures that are in the
/// file.
@Suite struct ShippedModelsTests {
  static let folder = OnceTests.root + "/models"
  static let names = try! FileManager.default.contentsOfDirectory(atPath: folder).filter {
    $0.hasSuffix(".safetensors")
  }
  .map { String($0.dropLast(".safetensors".count)) }.sorted()

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func description(_ name: String) throws -> ModelDescription {
    try ModelDescription(parsing: ModelFile.bytes(path: "\(Self.folder)/\(name).safetensors"))
  }

  @Test("The default model is there")
  func theDefaultIsThere() { #expect(Self.names.contains("emodb")) }

  @Test("The card has the accuracies that are in the model's file", arguments: names)
  func theCardHasTheFiguresOfTheFile(name: String) throws {
    let model = try description(name)
    #expect(model.name == name)
    let accuracies = model.evaluation.filter { $0.key.hasSuffix("int8.UA") || $0.key.hasSuffix("int8.WA") }
    #expect(accuracies.count == 2)
    let card = try text("\(Self.folder)/\(name).md")
    for (figure, value) in accuracies {
      let written = "\(figure.suffix(2)) \(String(format: "%.1f", value * 100)) ["
      #expect(card.contains(written), "\(figure): the card lacks \"\(written)\"")
    }
    #expect(try text(Self.folder + "/README.md").contains("`\(name).safetensors`"))
  }

  @Test("A shipped model is at most 500 kB, with an encoder 7.5 MB, and answers with its own labels", arguments: names)
  func itIsSmallAndAnswers(name: String) throws {
    let path = "\(Self.folder)/\(name).safetensors"
    #expect(try ModelFile.bytes(path: path).count <= (description(name).hasEncoder ? 7_500_000 : 500_000))
    let outcome = try Program("serd").run(
      ["--once", OnceTests.root + "/tools/samples/calm.flac", "--json", "--model", path])
    let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let probabilities = try #require(answer["probabilities"] as? [String: Double])
    #expect(try Set(probabilities.keys) == Set(description(name).labels))
  }

  /// RAVDESS' licence goes on to what is trained on it: such a model says so, and is not what a package installs.
  @Test("A model of corpora that are not for everybody says so, and no package installs it", arguments: names)
  func termsAreKept(name: String) throws {
    let provenance = try description(name).provenance
    let hello = Hello(model: try LoadedModel(path: "\(Self.folder)/\(name).safetensors"), hop: 0.512).model
    #expect(hello.terms == provenance.terms && hello.corpora == provenance.corpora)
    let isFree = Set(provenance.corpora).isSubset(of: ["EMO-DB", "crema-d"])
    if provenance.corpora.contains("crema-d") { #expect(provenance.terms.contains("ODbL")) }
    if try description(name).hasEncoder { #expect(provenance.terms.contains("Whisper base: MIT")) }
    #expect(isFree || provenance.terms.contains("non-commercial"))
    #expect(try isFree || text("\(Self.folder)/\(name).md").contains("non-commercial use only"))
    #expect(try isFree || !text(OnceTests.root + "/debian/serd.install").contains("\(name).safetensors"))
  }
}
