@testable import SerdProtocol

/// Bytes of a client, cut into reads as the first byte says, then into lines, then read as commands.
@Sendable func fuzzClientLines(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let bytes = input.dropFirst()
  let longest = 64
  var buffer = LineBuffer(longest: longest)
  var lines: [LineBuffer.Line] = []
  var rest = bytes
  while !rest.isEmpty {
    let chunk = rest.prefix(Int(first) + 1)
    buffer.add(chunk) { lines.append($0) }
    rest = rest.dropFirst(chunk.count)
  }
  promise(lines == linesAtOnce(bytes, longest: longest), "lines depend on how they were cut: \(lines)")
  // Commands as long as the daemon takes them.
  for line in bytes.split(separator: 0x0A) where line.count <= 4096 {
    guard case .success(let command) = ClientCommand.parse(Array(line)) else { continue }
    promise(
      ClientCommand.parse(Array(command.line.utf8.dropLast())) == .success(command), "\(command) does not survive")
  }
}

/// The same, without a buffer; what follows the last line feed is a line only if it is too long already.
private func linesAtOnce(_ bytes: ArraySlice<UInt8>, longest: Int) -> [LineBuffer.Line] {
  var parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  let last = parts.removeLast()
  let lines = parts.map { $0.count > longest ? LineBuffer.Line.tooLong : .complete(Array($0)) }
  return last.count > longest ? lines + [.tooLong] : lines
}
