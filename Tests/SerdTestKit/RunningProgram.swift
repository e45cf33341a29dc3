import Foundation

/// A program that runs beside a test, which reads its output line by line as it comes. It is ended with the object.
package final class RunningProgram {
  private let process = Process()
  private let output = Pipe()
  private let folder: ScratchFolder
  private var bytes: [UInt8] = []

  /// Starts a program.
  ///
  /// - Parameter environment: added to the test's own.
  package init(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    folder = try ScratchFolder()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: folder.write("messages", [])))
    // A test runs on a thread of Dispatch, which blocks signals; the program shall not inherit that.
    var (none, before) = (sigset_t(), sigset_t())
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
    try output.fileHandleForWriting.close()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// The program's process number.
  package var identifier: Int32 { process.processIdentifier }

  /// What it has said on stderr so far.
  package var messages: String { (try? String(contentsOfFile: folder.path + "/messages", encoding: .utf8)) ?? "" }

  /// The next line of its output; nil at the end. Throws if there is none for a minute.
  package func line() throws -> String? {
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      if let end = bytes.firstIndex(of: 0x0A) {
        defer { bytes.removeSubrange(...end) }
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      var set = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      guard poll(&set, 1, 60_000) > 0 else { throw RawClient.Silence() }
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { return nil }
      bytes += buffer[..<count]
    }
  }

  /// The next line that has this text in it; nil at the end.
  package func line(with text: String) throws -> String? {
    while let line = try line() { if line.contains(text) { return line } }
    return nil
  }

  /// Stops reading what it says, as `| head` does.
  package func stopReading() throws { try output.fileHandleForReading.close() }

  /// Sends a signal.
  package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for its end and returns its exit status, or the number of the signal that ended it.
  package func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }
}
