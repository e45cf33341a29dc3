/// Cuts bytes into lines, keeping no more than one line's worth, whatever is sent.
package struct LineBuffer {
  /// What a line feed ended.
  package enum Line: Equatable {
    case complete([UInt8])
    /// Longer than allowed: its bytes are gone.
    case tooLong
  }

  package let longest: Int
  private var bytes: [UInt8] = []
  private var isSkipping = false

  /// Lines have at most `longest` bytes without their line feed.
  package init(longest: Int) { self.longest = longest }

  /// Takes the next bytes and calls `onLine` for each line that they complete; for one that is too long, as soon as it
  /// is.
  package mutating func add(_ chunk: ArraySlice<UInt8>, onLine: (Line) -> Void) {
    var rest = chunk
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A)
      let part = rest[..<(end ?? rest.endIndex)]
      if !isSkipping, bytes.count + part.count > longest {
        isSkipping = true
        bytes.removeAll()
        onLine(.tooLong)
      }
      if !isSkipping { bytes += part }
      guard let end else { return }
      if !isSkipping { onLine(.complete(bytes)) }
      isSkipping = false
      bytes.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
  }
}
