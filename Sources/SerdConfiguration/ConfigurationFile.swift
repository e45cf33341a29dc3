import CInih
import Glibc
import SerdSystem

/// An INI file as its assignments, in order, each with its line. Parsed by libinih.
///
/// Knows nothing of which sections and keys there are: `SettingLayers` does.
package struct ConfigurationFile: Sendable {
  /// `key = value` under `[section]`.
  package struct Assignment: Equatable, Sendable {
    package let section: String
    package let key: String
    package let value: String
    package let line: Int
  }

  /// libinih reads lines into a buffer of 200 bytes and would take the rest of a longer one for a line of its own.
  package static let longestLine = 190
  static let largestSize = 1 << 20
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  package let path: String
  package private(set) var assignments: [Assignment] = []

  /// Reads the file at `path`.
  package init(path: String) throws(ConfigurationError) {
    let bytes = try Self.bytes(path: path)
    try self.init(path: path, bytes: bytes)
  }

  /// Parses a file's bytes.
  package init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
    self.path = path
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ConfigurationError(at: path, "UTF-16 text", advice: "save the file as UTF-8")
    }
    let text = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(Self.byteOrderMark.count) : bytes[...]
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let (problem, advice) = Self.defect(of: line) {
        throw ConfigurationError(at: "\(path):\(index + 1)", problem, advice: advice)
      }
    }
    let parsing = Parsing(lines: lines)
    // Both callbacks get the object; it lives until the end of this call.
    let context = Unmanaged.passUnretained(parsing).toOpaque()
    let status = withExtendedLifetime(parsing) {
      ini_parse_stream(
        { buffer, size, stream in Parsing.of(stream!).readLine(into: buffer!, size: Int(size)) ? buffer : nil },
        context,
        { user, section, key, value in
          Parsing.of(user!).take(section: section, key: key, value: value)
          return 1
        }, context)
    }
    guard status == 0 else {
      throw ConfigurationError(
        at: "\(path):\(status)", "neither a [section], nor key = value, nor a comment (# or ;)")
    }
    assignments = parsing.assignments
  }

  /// What libinih would read as something else than was meant, or could not read at all.
  private static func defect(of line: ArraySlice<UInt8>) -> (problem: String, advice: String)? {
    if line.contains(0) { return ("a zero byte", "is this a text file?") }
    if String(validating: line, as: UTF8.self) == nil { return ("bytes that are no UTF-8", "save the file as UTF-8") }
    let isEndedByBoth = line.last == carriageReturn
    // To libinih it is white space: all that follows it would belong to a comment or to a value.
    if line.dropLast(isEndedByBoth ? 1 : 0).contains(carriageReturn) {
      return ("a carriage return within the line", "end lines with a line feed, as Unix does")
    }
    let content = withoutIndentation(line)
    if isComment(content) { return nil }
    if line.count > longestLine { return ("the line has \(line.count) bytes; at most \(longestLine) are read", "") }
    guard content.first == UInt8(ascii: "["), let end = content.firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let rest = withoutIndentation(content[(end + 1)...].filter { $0 != carriageReturn }[...])
    if rest.isEmpty || isComment(rest) { return nil }
    let section = String(decoding: content[...end], as: UTF8.self)
    return (
      "'\(String(decoding: rest, as: UTF8.self))' stands on the line of \(section), where nothing is read",
      "write it on the next line"
    )
  }

  private static let carriageReturn = UInt8(ascii: "\r")

  private static func isComment(_ content: ArraySlice<UInt8>) -> Bool {
    content.first == UInt8(ascii: "#") || content.first == UInt8(ascii: ";")
  }

  fileprivate static func withoutIndentation(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  private static func bytes(path: String) throws(ConfigurationError) -> [UInt8] {
    do throws(Errno) {
      return try readFile(path, largest: largestSize)
    } catch {
      if error.code == EFBIG {
        throw ConfigurationError(
          at: "the configuration \(path)", "larger than 1 MiB", advice: "is this the right file?")
      }
      throw ConfigurationError(at: "the configuration \(path)", "cannot be read: \(error.words)")
    }
  }
}

/// What libinih's two callbacks share: the lines to read and the assignments found.
private final class Parsing {
  private let lines: [ArraySlice<UInt8>]
  private var next = 0
  var assignments: [ConfigurationFile.Assignment] = []

  init(lines: [ArraySlice<UInt8>]) { self.lines = lines }

  static func of(_ context: UnsafeMutableRawPointer) -> Parsing {
    Unmanaged<Parsing>.fromOpaque(context).takeUnretainedValue()
  }

  /// Copies the next line with its end; false after the last.
  func readLine(into buffer: UnsafeMutablePointer<CChar>, size: Int) -> Bool {
    guard next < lines.count else { return false }
    // Without its indentation, which libinih would take for the continuation of the value before.
    let line = ConfigurationFile.withoutIndentation(lines[next]).prefix(size - 2)
    for (i, byte) in line.enumerated() { buffer[i] = CChar(bitPattern: byte) }
    buffer[line.count] = CChar(bitPattern: UInt8(ascii: "\n"))
    buffer[line.count + 1] = 0
    next += 1
    return true
  }

  func take(section: UnsafePointer<CChar>?, key: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?) {
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
    assignments.append(
      ConfigurationFile.Assignment(section: text(section), key: text(key), value: text(value), line: next))
  }
}
