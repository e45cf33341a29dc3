import Foundation

/// What a process holds, and could leak.
package struct ProcessHoldings: Sendable {
  /// Open descriptors.
  package let descriptors: Int
  /// Threads.
  package let threads: Int
  /// Anonymous resident memory, in KiB.
  package let anonymous: Int
  /// Resident pages of files, as code, in KiB.
  package let files: Int

  /// Of the process with this number, now.
  package init(of process: Int32) throws {
    let folder = "/proc/\(process)"
    descriptors = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").count
    threads = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/task").count
    let lines = try Self.text(ofKernelFile: "\(folder)/status").split(separator: "\n")
    func kibibytes(_ key: String) throws -> Int {
      let line = lines.first { $0.hasPrefix("\(key):") }
      guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return number
    }
    (anonymous, files) = (try kibibytes("RssAnon"), try kibibytes("RssFile"))
  }

  /// A file of /proc: these have no size, which Foundation relies on.
  package static func text(ofKernelFile path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}
