import SerdAudio

/// The audio error that `body` throws, if it throws one. (`#expect(throws:)` returns it only since Swift 6.1.)
func audioError<Value>(_ body: () throws -> Value) -> AudioError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? AudioError
  }
}
