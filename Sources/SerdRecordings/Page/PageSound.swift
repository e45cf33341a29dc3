import FoundationEssentials
import SerdSystem

/// What a page plays, as a URL.
package enum PageSound: Sendable {
  /// The recording beside the page.
  case linked
  /// The recording itself, in the page.
  case embedded

  /// A page with more would be slow to open, or not open at all. In bytes.
  private static let largest = 128 << 20

  private static let types = [
    "wav": "audio/wav", "wave": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/ogg",
  ]

  /// The URL for a recording.
  package func url(_ recording: String) throws(RecordingError) -> String {
    switch self {
    case .linked: return Self.encoded(recording)
    case .embedded:
      let ending = recording.split(separator: ".").last?.lowercased() ?? ""
      let bytes: [UInt8]
      do throws(Errno) { bytes = try readFile(recording, largest: Self.largest) } catch {
        let problem = "is too large for a page: it has more than \(Self.largest >> 20) MiB"
        throw RecordingError(
          .cannotWrite, at: recording, error.isTooLarge ? problem : "cannot be read: \(error.words)",
          advice: "leave --embed away, so that the page links to it")
      }
      return "data:\(Self.types[ending] ?? "application/octet-stream");base64,\(Data(bytes).base64EncodedString())"
    }
  }

  /// The name alone, as the page lies in the same folder; bytes that may mean something in a URL are escaped.
  private static func encoded(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    let bytes = FileName.bytes(String(name)).flatMap { byte -> [UInt8] in
      plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return "./" + String(decoding: bytes, as: UTF8.self)
  }
}
