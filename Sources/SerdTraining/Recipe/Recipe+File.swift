import Foundation

extension Recipe {
  /// The recipe of a name, or of a file whose name ends in `.json`.
  ///
  /// - Throws: `TrainingError` if there is no such recipe, or the file holds none.
  package static func find(_ name: String) throws(TrainingError) -> Recipe {
    guard name.hasSuffix(".json") else {
      if let recipe = named.first(where: { $0.name == name }) { return recipe }
      throw TrainingError(.usage, "there is no recipe \"\(name)\"", advice: "see sertrain recipes")
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw TrainingError(.noInput, "cannot read \(name)", advice: "make it with sertrain recipes NAME")
    }
    let advice = "start from what sertrain recipes NAME prints"
    guard let object = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) else {
      throw TrainingError("\(name) is no recipe: it is not JSON", advice: advice)
    }
    let recipe: Recipe
    do {
      recipe = try JSONDecoder().decode(Recipe.self, from: data)
    } catch {
      throw TrainingError("\(name) is no recipe: \(problem(error))", advice: advice)
    }
    // A mistyped key would train another recipe than the reader of the file thinks.
    if let unknown = unknownKey(in: object, known: recipe.object) {
      throw TrainingError("\(name) has a key that no recipe has: \(unknown)", advice: advice)
    }
    // Else its results would stand under the name of another recipe.
    if let known = named.first(where: { $0.name == recipe.name }), known != recipe {
      throw TrainingError(
        "\(name) has the name of the recipe \"\(recipe.name)\" and is another", advice: "give it a name of its own")
    }
    if let defect = recipe.defect() {
      throw TrainingError("\(name): \(defect)", advice: advice)
    }
    return recipe
  }

  /// All of the recipe, to read and to change.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  /// The recipe as JSON's dictionaries, arrays and values.
  private var object: Any { try! JSONSerialization.jsonObject(with: Data(json.utf8)) }

  /// Names of the settings in which another recipe is not this one.
  func differences(from other: Recipe) -> [String] {
    guard let mine = object as? [String: Any], let others = other.object as? [String: Any] else { return [] }
    return Set(mine.keys).union(others.keys).sorted().filter { key in
      (mine[key] as? NSObject) != (others[key] as? NSObject)
    }
  }

  /// A key of `object`, with those above it, that `known` lacks, unless its value is null; an array's elements have no
  /// name of their own.
  private static func unknownKey(in object: Any, known: Any) -> String? {
    if let list = object as? [Any], let known = known as? [Any] {
      return zip(list, known).lazy.compactMap { unknownKey(in: $0, known: $1) }.first
    }
    guard let object = object as? [String: Any], let known = known as? [String: Any] else { return nil }
    for (key, value) in object.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
      guard let counterpart = known[key] else { return key }
      if let inner = unknownKey(in: value, known: counterpart) { return "\(key).\(inner)" }
    }
    return nil
  }

  private static func problem(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it has another form" : "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has another type"
    default: "\(error)"
    }
  }
}
