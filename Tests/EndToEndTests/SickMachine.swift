import Foundation
import SerdDiagnosis
import SerdTestKit

/// Folders in place of a machine's /dev, /proc and /sys, for `serd doctor`, and no settings but those of the test.
final class SickMachine {
  let folder: ScratchFolder
  /// An empty configuration file, in place of the machine's own.
  let emptyFile: String

  /// Nothing is reported by this machine, and no daemon runs on it.
  init() throws {
    folder = try ScratchFolder()
    emptyFile = try folder.write("empty.conf", [])
  }

  /// What stands before `/sys`.
  var root: String { "\(folder.path)/root" }
  /// Where its daemon would be.
  var socket: String { "\(folder.path)/events.sock" }

  /// Sets a file below the root.
  func write(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(root)/\(path)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// A microphone that is heard as fast as it is read, or for a daemon, which others wait for, as fast as it can
  /// follow.
  static func microphone(format: String = "S16_LE 16000 1", speed: Double = 0, offset: Int16 = 0) throws
    -> FaultyMicrophone
  {
    let sound = SyntheticSignal.harmonics.pcm(seconds: 1).map { $0 + offset }.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    return try FaultyMicrophone(sound: sound, format: format, speed: speed, loops: true)
  }

  /// Starts `serd doctor`.
  ///
  /// - Parameter withoutPrivilege: whether files with the wrong mode are closed to it even if the tests run as root.
  func start(
    _ arguments: [String] = [], configuration: String? = nil, environment: [String: String] = [:], json: Bool = true,
    withoutPrivilege: Bool = false
  ) throws -> RunningProgram {
    let file = try configuration.map { try folder.write("serd.conf", Array($0.utf8)) } ?? emptyFile
    var command = [Program("serd").path, "doctor", "--root", root, "--config", file] + arguments
    if !arguments.contains("--socket") { command += ["--socket", socket] }
    if json { command.append("--json") }
    if withoutPrivilege, geteuid() == 0 {
      command = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] + command
    }
    return try RunningProgram(
      command[0], Array(command.dropFirst()), environment: FaultyMicrophone.environment.merging(environment) { $1 })
  }

  /// Runs `serd doctor` to its end.
  func examine(
    _ arguments: [String] = [], configuration: String? = nil, environment: [String: String] = [:],
    withoutPrivilege: Bool = false
  ) throws -> Checkup {
    let program = try start(
      arguments, configuration: configuration, environment: environment, withoutPrivilege: withoutPrivilege)
    var findings: [Finding] = []
    while let line = try program.line() {
      findings.append(try JSONDecoder().decode(Finding.self, from: Data(line.utf8)))
    }
    return Checkup(status: program.wait(), findings: findings, messages: program.messages)
  }
}

/// What `serd doctor --json` said.
struct Checkup {
  let status: Int32
  let findings: [Finding]
  let messages: String

  /// The finding of a check; every run has one.
  subscript(check: Finding.Check) -> Finding {
    guard let finding = findings.first(where: { $0.check == check }) else {
      preconditionFailure("nothing was said of \(check): \(messages)")
    }
    return finding
  }

  /// What must be mended.
  var problems: [Finding.Check] { findings.filter { $0.verdict == .problem }.map(\.check) }
}
