import Foundation

/// The git revision of the working folder, with a + if it has changes; `unknown` outside a repository of serd's
/// sources, since another's revision says nothing of this program.
func revision() -> String {
  func git(_ arguments: [String]) -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
  guard let root = git(["rev-parse", "--show-toplevel"]),
    FileManager.default.fileExists(atPath: root + "/Sources/sertrain/Sertrain.swift"),
    let head = git(["rev-parse", "--short=12", "HEAD"])
  else { return "unknown" }
  let changed = git(["-C", root, "status", "--porcelain", "--untracked-files=no", "Sources"]) ?? ""
  return changed.isEmpty ? head : head + "+"
}
