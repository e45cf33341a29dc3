import Foundation

/// A built program that runs and whose lines on stdout a test awaits as they come. Killed when the object is released.
package final class SpeakingProgram {
  /// It wrote no such line within 30 seconds, or ended.
  package struct Silence: Error {
    /// The lines that it did write since the last awaited one.
    package let lines: [String]
    /// What it wrote to stderr.
    package let messages: String
  }

  private let process = Process()
  private let output = Pipe()
  private let scratch: ScratchFolder
  private var rest: [UInt8] = []

  /// Starts it, with these variables added to the environment.
  package init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    scratch = try ScratchFolder()
    let messages = try scratch.write("messages", [])
    process.executableURL = URL(fileURLWithPath: Program(name).path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
    try process.run()
  }

  deinit { end(SIGKILL) }

  /// Its number.
  package var identifier: Int32 { process.processIdentifier }

  /// What it wrote to stderr so far.
  package var messages: String { (try? String(contentsOfFile: "\(scratch.path)/messages", encoding: .utf8)) ?? "" }

  /// Sends it a signal and waits for its end; returns its exit status, or the signal that ended it. A test's thread
  /// blocks signals, and so may the program then: SIGKILL always works.
  @discardableResult
  package func end(_ signal: Int32) -> Int32 {
    if process.isRunning { kill(process.processIdentifier, signal) }
    return exitStatus()
  }

  /// Waits for it to end by itself.
  package func exitStatus() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Waits for the next line that contains `text`; earlier ones are dropped.
  @discardableResult
  package func line(with text: String) throws -> String {
    var dropped: [String] = []
    while let line = nextLine() {
      if line.contains(text) { return line }
      dropped.append(line)
    }
    throw Silence(lines: dropped.suffix(5), messages: messages)
  }

  private func nextLine() -> String? {
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest.removeFirst(end + 1) }
        return String(decoding: rest[..<end], as: UTF8.self)
      }
      var entry = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 30_000) > 0 else { return nil }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      rest += data
    }
  }
}
