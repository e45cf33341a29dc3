import Foundation

/// Validates JSON against as much of JSON Schema 2020-12 as events.schema.json uses: type, const, enum, required,
/// properties, additionalProperties, items, oneOf, $ref into $defs, minimum, maximum, pattern. Any other keyword is an
/// error, so that none is passed over. Not a validator for schemas of others.
package struct JSONSchema {
  /// The schema itself.
  package let root: [String: Any]

  private static let annotations: Set = ["$schema", "title", "description", "$defs"]

  /// Reads a schema from a file.
  package init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    root = try JSONSerialization.jsonObject(with: data) as! [String: Any]
  }

  /// What is wrong with a JSON text, each with its place; empty if nothing is.
  package func defects(of text: String) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    return defects(of: value, root, "")
  }

  private func defects(of value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    schema.flatMap { keyword, rule in
      Self.annotations.contains(keyword) ? [] : check(value, keyword, rule, schema, place)
    }
  }

  private func check(_ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ place: String) -> [String]
  {
    func defect(_ isOne: Bool) -> [String] { isOne ? ["\(place): \(value) fails \(keyword) \(rule)"] : [] }
    let number = isBoolean(value) ? nil : value as? Double
    switch keyword {
    case "type": return defect(!((rule as? [String]) ?? [rule as! String]).contains { isOf($0, value) })
    case "const": return defect(!same(value, rule))
    case "enum": return defect(!(rule as! [Any]).contains { same(value, $0) })
    case "minimum": return defect(number.map { $0 < rule as! Double } ?? false)
    case "maximum": return defect(number.map { $0 > rule as! Double } ?? false)
    case "pattern": return defect((value as? String)?.range(of: rule as! String, options: .regularExpression) == nil)
    case "required":
      let object = value as? [String: Any] ?? [:]
      return defect(!(rule as! [String]).allSatisfy { object[$0] != nil })
    case "items":
      return (value as? [Any] ?? []).enumerated().flatMap { index, item in
        defects(of: item, rule as! [String: Any], "\(place)/\(index)")
      }
    case "oneOf":
      let matches = (rule as! [[String: Any]]).filter { defects(of: value, $0, place).isEmpty }
      return matches.count == 1 ? [] : ["\(place): \(matches.count) of oneOf match"]
    case "$ref":
      let name = (rule as! String).dropFirst("#/$defs/".count)
      return defects(of: value, (root["$defs"] as! [String: [String: Any]])[String(name)]!, place)
    case "properties", "additionalProperties": return checkMembers(value, keyword, rule, schema, place)
    default: return ["\(place): this validator does not know \(keyword)"]
    }
  }

  private func checkMembers(
    _ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ place: String
  ) -> [String] {
    let named = schema["properties"] as? [String: [String: Any]] ?? [:]
    return (value as? [String: Any] ?? [:]).flatMap { name, member -> [String] in
      let inner = "\(place)/\(name)"
      if keyword == "properties" { return named[name].map { defects(of: member, $0, inner) } ?? [] }
      if named[name] != nil { return [] }
      if let schema = rule as? [String: Any] { return defects(of: member, schema, inner) }
      return rule as! Bool ? [] : ["\(inner) is not allowed"]
    }
  }

  private func same(_ a: Any, _ b: Any) -> Bool { (a as? NSObject)?.isEqual(b) ?? false }

  /// JSONSerialization makes booleans and numbers alike; a boolean's Objective-C type is that of a char.
  private func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
  }

  private func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "null": value is NSNull
    case "boolean": isBoolean(value)
    case "string": value is String
    case "array": value is [Any]
    case "object": value is [String: Any]
    case "number": !isBoolean(value) && value is Double
    case "integer": !isBoolean(value) && (value as? Double).map { $0 == $0.rounded() } ?? false
    default: false
    }
  }
}
