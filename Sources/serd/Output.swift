import Glibc

/// Standard output cannot take more: a full disk, or a reader that went away.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  /// Nobody reads any more, as after `| head`.
  var isReaderGone: Bool { code == EPIPE }
  var description: String {
    "cannot write to standard output: \(String(cString: strerror(code))); the answer is incomplete, free the disk or pipe it elsewhere"
  }
}

enum Output {
  /// Writes all of `text` to stdout at once, unbuffered.
  static func write(_ text: String) throws { try write(text, to: STDOUT_FILENO) }

  /// A line on stderr that does not end the program. If it cannot be written there is nobody left to tell.
  static func warn(_ text: String) { try? write("serd: \(text)\n", to: STDERR_FILENO) }

  /// What is going on, for a person at a terminal.
  static func note(_ text: String) {
    if isatty(STDERR_FILENO) == 1 { warn(text) }
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw OutputError(code: errno) }
      rest = rest.dropFirst(count)
    }
  }
}
