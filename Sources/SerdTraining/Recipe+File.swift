import Foundation

extension Recipe {
  /// The recipe of a name, or of a file whose name ends in `.json`.
  ///
  /// - Throws: `TrainingError` if there is no such recipe, or the file holds none.
  public static func find(_ name: String) throws(TrainingError) -> Recipe {
    guard name.hasSuffix(".json") else {
      if let recipe = named.first(where: { $0.name == name }) { return recipe }
      throw TrainingError("there is no recipe \"\(name)\"", kind: .usage, advice: "see sertrain recipes")
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw TrainingError("cannot read \(name)", kind: .noInput, advice: "make it with sertrain recipes NAME")
    }
    let recipe: Recipe
    do {
      recipe = try JSONDecoder().decode(Recipe.self, from: data)
    } catch {
      throw TrainingError(
        "\(name) is no recipe: \(problem(error))", advice: "start from what sertrain recipes NAME prints")
    }
    // Else its results would stand under the name of another recipe.
    if let known = named.first(where: { $0.name == recipe.name }), known != recipe {
      throw TrainingError(
        "\(name) has the name of the recipe \"\(recipe.name)\" and is another", advice: "give it a name of its own")
    }
    if let defect = recipe.defect() {
      throw TrainingError("\(name): \(defect)", advice: "start from what sertrain recipes NAME prints")
    }
    return recipe
  }

  /// All of the recipe, to read and to change.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  private static func problem(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has another type"
    default: "\(error)"
    }
  }
}
