import Foundation

/// Runs a built program of this package as a user would, and collects what it says.
package struct Program: Sendable {
  /// What a run left behind.
  package struct Outcome: Sendable {
    /// Exit status.
    package let status: Int32
    /// What went to stdout.
    package let output: String
    /// What went to stderr.
    package let messages: String
    /// Lines of stdout.
    package var lines: [Substring] { output.split(separator: "\n") }
  }

  private let executable: URL
  private let settings: [String: String]

  /// Path of the executable.
  package var path: String { executable.path }

  /// - Parameters:
  ///   - name: `serd` or `sertrain`, found beside the test bundle, where SwiftPM builds it.
  ///   - settings: environment variables that it gets besides the tests' own.
  package init(_ name: String, settings: [String: String] = [:]) {
    self.settings = settings
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = bundle.deletingLastPathComponent().appendingPathComponent(name)
    // With Swift Testing's own runner the test process is a tool of the toolchain; the tree then says where products
    // are.
    let inTree = URL(fileURLWithPath: Golden.folder + "/../../.build/release/" + name).standardizedFileURL
    executable = FileManager.default.isExecutableFile(atPath: beside.path) ? beside : inTree
    precondition(
      FileManager.default.isExecutableFile(atPath: executable.path),
      "\(executable.path) is not built; run swift build -c release first")
  }

  /// The tests' own and `settings`, but for the cache folder: tests write nothing outside the build folder and the
  /// temporary one.
  package var environment: [String: String] {
    let cache = executable.deletingLastPathComponent().appendingPathComponent("test-cache").path
    return ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": cache]) { $1 }.merging(settings) { $1 }
  }

  /// Starts the program and leaves it running, its output dropped; for tests that end it themselves.
  package func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.environment = environment
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs to the end, or for two minutes: a program that hangs must not hang the tests. Cost: two processes.
  package func run(_ arguments: [String], input: Data? = nil, outputTo path: String? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.environment = environment
    process.arguments = ["--signal=KILL", "120", executable.path] + arguments
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("serd-program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    // Files, not pipes: a pipe that nobody drains would stall the program.
    func file(_ name: String, _ content: Data = Data()) throws -> URL {
      let url = scratch.appendingPathComponent(name)
      try content.write(to: url)
      return url
    }
    let output = try path.map { URL(fileURLWithPath: $0) } ?? file("output")
    let messages = try file("messages")
    process.standardInput = try FileHandle(forReadingFrom: file("input", input ?? Data()))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    process.waitUntilExit()
    func text(_ url: URL) -> String { (try? String(contentsOf: url, encoding: .utf8)) ?? "" }
    return Outcome(
      status: process.terminationStatus, output: path == nil ? text(output) : "", messages: text(messages))
  }
}

/// A folder that is removed when the value is released.
package final class ScratchFolder: Sendable {
  /// Where it is.
  package let path: String

  /// Makes an empty folder in the system's temporary folder.
  package init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("serd-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// WAV files for tests.
package enum WAVFile {
  /// A WAV file with 32-bit float samples; `declaredChannels` and `declaredRate` go into the header as they are.
  package static func float(_ samples: [Float], rate: Int = 16000, channels: Int = 1) -> [UInt8] {
    let data = samples.withUnsafeBytes { Array($0) }
    func field(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var file = Array("RIFF".utf8) + field(36 + data.count, 4) + Array("WAVEfmt ".utf8) + field(16, 4)
    file += field(3, 2) + field(channels, 2) + field(rate, 4) + field(rate * channels * 4, 4) + field(channels * 4, 2)
    file += field(32, 2) + Array("data".utf8) + field(data.count, 4) + data
    return file
  }
}
