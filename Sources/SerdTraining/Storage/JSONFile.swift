import Foundation

/// A file that holds one value as JSON, if it is there.
package struct JSONFile<Value: Codable>: Sendable {
  /// Where it is.
  package let path: String

  /// Whether it is there.
  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The value; nil if there is no such file. - Throws: `TrainingError` if it is damaged.
  package func read() throws(TrainingError) -> Value? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw TrainingError("\(path) is damaged", advice: "delete it; the command that made it makes it again")
    }
  }

  /// Writes the value in place of the one before.
  package func write(_ value: Value) throws {
    try OutputFile.write(StableJSON.data(value), to: path)
  }

  /// Writes the value unless there is one, as another process may have written it meanwhile.
  func create(_ value: Value) throws {
    try OutputFile.create(StableJSON.data(value), at: path)
  }
}
