import Glibc

/// Pieces of text for people: columns, bars, times.
package enum TextTable {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// Filled up with spaces, or cut with an ellipsis, to `width` characters.
  package static func fitted(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text + String(repeating: " ", count: width - text.count) }
    return width <= 0 ? "" : text.prefix(width - 1) + "…"
  }

  /// At the right end of `width` characters.
  package static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A bar that fills a share of `width` characters, in eighths of a character, then spaces.
  package static func bar(_ share: Double, _ width: Int) -> String {
    let parts = Int((min(1, max(0, share)) * Double(width) * 8).rounded())
    return fitted(String(repeating: "█", count: parts / 8) + eighths[parts % 8], width)
  }

  /// As `7.3 s`, `4 min 5 s`, `2 h 10 min` or `3 d 4 h`.
  package static func seconds(_ value: Double) -> String {
    let whole = Int(max(0, value).rounded(.down))
    switch whole {
    case ..<60: return "\((max(0, value) * 10).rounded() / 10) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<86400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: return "\(whole / 86400) d \(whole % 86400 / 3600) h"
    }
  }

  /// The machine's time of day of an RFC 3339 time in UTC: `14:03:59`.
  package static func localTime(_ utc: String) -> String {
    // Fields are at fixed places: 2026-03-01T12:00:00.250Z.
    let digits = utc.utf8.map(Int.init)
    guard digits.count >= 20 else { return "--:--:--" }
    func field(_ start: Int, _ count: Int) -> Int32 {
      Int32(digits[start..<start + count].reduce(0) { $0 * 10 + min(9, max(0, $1 - 48)) })
    }
    var civil = tm()
    (civil.tm_year, civil.tm_mon, civil.tm_mday) = (field(0, 4) - 1900, field(5, 2) - 1, field(8, 2))
    (civil.tm_hour, civil.tm_min, civil.tm_sec) = (field(11, 2), field(14, 2), field(17, 2))
    var seconds = timegm(&civil)
    var local = tm()
    localtime_r(&seconds, &local)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(local.tm_hour)):\(two(local.tm_min)):\(two(local.tm_sec))"
  }

  /// Text of others for a terminal: without control characters, which could move its cursor.
  package static func harmless(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}
