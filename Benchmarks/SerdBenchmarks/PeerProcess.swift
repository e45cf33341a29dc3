import Foundation

/// Another program that is told by lines what to run, and answers with lines.
final class PeerProcess {
  /// Its first line: what it is.
  let name: String
  private let process = Process()
  private let (requests, answers) = (Pipe(), Pipe())

  /// Nil if it does not start.
  init?(_ arguments: [String]) {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = requests
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil, let name = Self.line(from: answers), !name.isEmpty else { return nil }
    self.name = name
  }

  /// The answer to a line; nil if the program has ended.
  func answer(to line: String) -> String? {
    guard process.isRunning else { return nil }
    requests.fileHandleForWriting.write(Data("\(line)\n".utf8))
    return Self.line(from: answers)
  }

  /// Up to the next newline; nil at the end.
  private static func line(from pipe: Pipe) -> String? {
    var line = Data()
    while true {
      let byte = pipe.fileHandleForReading.readData(ofLength: 1)
      if byte.isEmpty { return nil }
      if byte == Data("\n".utf8) { return String(data: line, encoding: .utf8) }
      line += byte
    }
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
