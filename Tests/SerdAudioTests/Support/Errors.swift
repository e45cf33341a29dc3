import SerdAudio

/// The error that `body` throws, if it throws one. (`#expect(throws:)` returns it only since Swift 6.1.)
func audioError<Value>(_ body: () throws(AudioError) -> Value) -> AudioError? {
  do throws(AudioError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
