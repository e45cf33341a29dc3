import FoundationEssentials
import Glibc
import SerdSystem

/// A file of lines that earlier runs have begun: what it holds is not done again, and what comes is added.
///
/// Only whole lines count; a last one without a line break, as a power loss leaves it, is taken off. Of lines for
/// windows, those of a recording that may be incomplete are.
package final class ResumedOutput {
  /// The recordings that it has, as lines show them.
  package private(set) var done: Set<String> = []
  /// How many of them could not be heard.
  package private(set) var failures = 0

  private let path: String
  private let file: FileDescriptor

  /// Opens the file, or makes it, and takes off what is not whole.
  package init(path: String, writer: RowWriter) throws(RecordingError) {
    self.path = path
    do throws(Errno) {
      let number = try retrying { open(FileName.cString(path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o644) }
      file = FileDescriptor(owning: number)
      guard try file.status().st_mode & S_IFMT == S_IFREG else { throw Errno(code: EINVAL) }
    } catch {
      throw RecordingError(
        .cannotWrite, at: path, "cannot be opened: \(error.words)", advice: "name a file that may be read and written")
    }
    // Two runs would do all twice, and mix their lines.
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
      throw RecordingError(.unavailable, at: path, "another serd writes to it", advice: "wait for that one")
    }
    try read(writer)
  }

  /// Adds lines.
  package func write(_ text: String) throws(RecordingError) {
    do throws(Errno) { try writeAll(text.utf8, to: file.number) } catch {
      throw RecordingError(
        .cannotWrite, at: path, "cannot be written: \(error.words); the answer is incomplete",
        advice: "free the disk, and run it again with --resume")
    }
  }

  private func read(_ writer: RowWriter) throws(RecordingError) {
    var reader = LineReader(file)
    // Where what is whole ends, and where the last recording's lines begin.
    var (whole, begin, last) = (0, 0, "")
    var lastHasFailed = false
    var isFirst = true
    do throws(Errno) {
      while let line = try reader.next() {
        defer { isFirst = false }
        if isFirst, !writer.header.isEmpty {
          guard line + "\n" == writer.header else { throw Errno(code: EBADMSG) }
          whole = reader.offset
          begin = whole
          continue
        }
        guard let row = Row(line, writer) else { throw Errno(code: EBADMSG) }
        if row.file != last { begin = whole }
        last = row.file
        whole = row.isWindow && writer.form == .json ? whole : reader.offset
        guard !row.isWindow || writer.form == .csv else { continue }
        if done.insert(row.file).inserted, row.hasFailed { failures += 1 }
        lastHasFailed = row.hasFailed
      }
      if writer.form == .csv, writer.windows, !last.isEmpty, !lastHasFailed {
        done.remove(last)
        whole = begin
      }
      try retrying { ftruncate(file.number, whole) }
      try retrying { lseek(file.number, 0, SEEK_END) }
    } catch {
      if error.code == EBADMSG {
        throw RecordingError(
          .badData, at: path, "holds lines of other options, of another model, or of another program",
          advice: "name a new file, or give the options of its run")
      }
      throw RecordingError(.noInput, at: path, "cannot be read: \(error.words)", advice: "name a new file")
    }
    if whole == 0 { try write(writer.header) }
  }

  /// What a line says.
  private struct Row {
    let file: String
    let isWindow: Bool
    let hasFailed: Bool

    private struct Object: Decodable {
      struct Model: Decodable { let sha256: String }
      let file: String
      let type: String?
      let error: String?
      let model: Model?
    }

    /// nil if it is none of ours.
    init?(_ line: String, _ writer: RowWriter) {
      switch writer.form {
      case .text: return nil
      case .json:
        guard let object = try? JSONDecoder().decode(Object.self, from: Data(line.utf8)) else { return nil }
        isWindow = object.type == "window"
        guard !isWindow || writer.windows else { return nil }
        if let model = object.model, model.sha256 != writer.modelDigest { return nil }
        file = object.file
        hasFailed = object.error != nil
      case .csv:
        guard let name = Self.firstField(line) else { return nil }
        file = name
        isWindow = writer.windows
        hasFailed = !line.hasSuffix(",")
      }
    }

    private static func firstField(_ line: String) -> String? {
      guard line.hasPrefix("\"") else { return line.firstIndex(of: ",").map { String(line[..<$0]) } }
      var field = ""
      var rest = line.dropFirst()
      while let quote = rest.firstIndex(of: "\"") {
        field += rest[..<quote]
        rest = rest[rest.index(after: quote)...]
        guard rest.hasPrefix("\"") else { return field }
        field += "\""
        rest = rest.dropFirst()
      }
      return nil
    }
  }
}

/// Whole lines of a file, from its start.
private struct LineReader {
  /// Behind the last line that was given.
  private(set) var offset = 0
  private let file: FileDescriptor
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ file: FileDescriptor) { self.file = file }

  /// nil at the end, whatever follows without a line break.
  mutating func next() throws(Errno) -> String? {
    while true {
      if let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        defer {
          offset += end + 1 - start
          start = end + 1
        }
        return String(decoding: bytes[start..<end], as: UTF8.self)
      }
      bytes.removeFirst(start)
      start = 0
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let count = try retrying { Glibc.read(file.number, &block, block.count) }
      if count == 0 { return nil }
      bytes += block[..<count]
    }
  }
}
