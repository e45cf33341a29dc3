import Glibc
import SerdSystem

/// The files beside recordings: their names, and what may be replaced.
package struct TimelineFiles: Sendable {
  /// The largest file that may be one of ours: more is not looked at.
  private static let largest = 1 << 30

  /// Which are written.
  package let formats: [TimelineFormat]
  private let force: Bool
  /// Recordings of one folder whose names differ in the ending alone: theirs keep it.
  private let alike: Set<String>

  /// - Parameters:
  ///   - recordings: all of the run.
  ///   - force: whether files that are not serd's may be replaced.
  package init(_ formats: [TimelineFormat], for recordings: [String], force: Bool) {
    self.formats = formats
    self.force = force
    guard !formats.isEmpty else {
      alike = []
      return
    }
    var (seen, alike): ([String: String], Set<String>) = ([:], [])
    for recording in recordings {
      let stem = Self.stem(recording)
      if let other = seen.updateValue(recording, forKey: stem), other != recording { alike.insert(stem) }
    }
    self.alike = alike
  }

  /// The file of a form for a recording.
  package func path(_ format: TimelineFormat, for recording: String) -> String {
    let stem = Self.stem(recording)
    return "\(alike.contains(stem) ? recording : stem).\(format.ending)"
  }

  /// Says why a file that is there may not be replaced.
  package func check(_ recording: String) throws(RecordingError) {
    for format in formats {
      let path = path(format, for: recording)
      guard !force, access(FileName.cString(path), F_OK) == 0 else { continue }
      let bytes: [UInt8]
      do throws(Errno) { bytes = try readFile(path, largest: Self.largest) } catch { bytes = [0] }
      guard !format.isOurs(String(decoding: bytes, as: UTF8.self)) else { continue }
      throw RecordingError(
        .cannotWrite, at: path, "is there, and serd did not write it", advice: "move it, or replace it with --force")
    }
  }

  /// Writes a file, whole or not at all.
  package func write(_ text: String, _ format: TimelineFormat, for recording: String) throws(RecordingError) {
    let path = path(format, for: recording)
    do throws(Errno) { try AtomicFile.write(text.utf8, to: path) } catch {
      throw RecordingError(
        .cannotWrite, at: path, "cannot be written: \(error.words)",
        advice: "make its folder writable, or free its disk")
    }
  }

  /// A recording's name without its ending.
  private static func stem(_ path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else { return path }
    return String(path[..<dot])
  }
}
