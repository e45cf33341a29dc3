import Glibc

// `serd-fuzz TARGET [libFuzzer's options and corpora]`: feeds one kind of input to the code that reads it. A finding is
// a crash, a sanitizer's report, an input that takes too long, or a broken promise (`promise`).

private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "client-line": fuzzClientLines, "configuration": fuzzConfiguration, "model": fuzzModel, "audio": fuzzAudio,
]

/// What libFuzzer's callback, which has no context, calls.
private let target: @Sendable ([UInt8]) -> Void = {
  guard CommandLine.argc > 1, let target = targets[CommandLine.arguments[1]] else {
    preconditionFailure("the first argument is one of \(targets.keys.sorted().joined(separator: ", "))")
  }
  return target
}()

/// libFuzzer calls it first; its own arguments are those after the target's name.
@_cdecl("LLVMFuzzerInitialize")
package func initialise(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafePointer<CChar>?>>
) -> Int32 {
  _ = target
  count.pointee -= 1
  arguments.pointee[1] = arguments.pointee[0]
  arguments.pointee += 1
  return 0
}

/// libFuzzer calls it with every input.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  target(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

/// What must hold for every input; if it does not, the input is a finding.
func promise(_ condition: Bool, _ what: @autoclosure () -> String) {
  precondition(condition, what())
}

/// Calls `body` with an open file in memory that has this content, at its start.
func withFile(_ content: [UInt8], _ body: (Int32) -> Void) {
  let descriptor = openMemory()
  defer { close(descriptor) }
  let written = content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  precondition(written == content.count, "the machine has no memory for \(content.count) bytes")
  lseek(descriptor, 0, SEEK_SET)
  body(descriptor)
}
