/// The error of the given type that `body` throws; nil if it throws none or another.
///
/// `#expect(throws:)` returns the error only since Swift 6.1, and the tree is tested with 6.0.3.
package func thrown<Failure: Error, Value>(_ type: Failure.Type, by body: () throws -> Value) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? Failure
  }
}
