import FoundationEssentials
import Glibc

/// When something happened: kept as monotonic time, written as both. UTC is computed when the line is written, from
/// what the clock says then; so the order of times survives any step of the clock, and a time from before the first NTP
/// synchronisation is right in a line that is sent after it.
///
/// In JSON: `{"utc":"2026-03-01T12:00:00.250Z","monotonic_s":812.25}`. It is not a date: monotonic time starts with the
/// machine.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Nanoseconds of CLOCK_MONOTONIC.
  public let nanoseconds: Int64
  /// As read from a line, RFC 3339; empty in a time that was not read.
  public let utc: String

  /// A time on this machine.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
    utc = ""
  }

  /// Seconds of CLOCK_MONOTONIC.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Later by so many seconds.
  public func advanced(bySeconds seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: nanoseconds + Int64((seconds * 1e9).rounded()))
  }

  /// By monotonic time.
  public static func == (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds == b.nanoseconds }

  /// By monotonic time.
  public func hash(into hasher: inout Hasher) { hasher.combine(nanoseconds) }

  /// By monotonic time.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Nanoseconds since 1970 as RFC 3339 UTC with milliseconds.
  package static func rfc3339(_ nanoseconds: Int64) -> String {
    var (seconds, rest) = (nanoseconds + 500_000).quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
    var time = time_t(seconds)
    var civil = tm()
    gmtime_r(&time, &civil)
    func digits(_ value: some BinaryInteger, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day =
      "\(digits(civil.tm_year + 1900, 4))-\(digits(civil.tm_mon + 1, 2))-\(digits(civil.tm_mday, 2))"
    let clock = "\(digits(civil.tm_hour, 2)):\(digits(civil.tm_min, 2)):\(digits(civil.tm_sec, 2))"
    return "\(day)T\(clock).\(digits(rest / 1_000_000, 3))Z"
  }

  /// What `rfc3339` wrote, read again; nil for any other text.
  package static func nanoseconds(rfc3339 text: String) -> Int64? {
    let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
    let bytes = Array(text.utf8)
    let zero = UInt8(ascii: "0")
    guard bytes.count == pattern.count,
      zip(bytes, pattern).allSatisfy({ $1 == zero ? (zero...UInt8(ascii: "9")).contains($0) : $0 == $1 })
    else { return nil }
    func field(_ start: Int, _ count: Int) -> Int32 {
      bytes[start..<start + count].reduce(0) { $0 * 10 + Int32($1 - zero) }
    }
    var civil = tm()
    (civil.tm_year, civil.tm_mon, civil.tm_mday) = (field(0, 4) - 1900, field(5, 2) - 1, field(8, 2))
    (civil.tm_hour, civil.tm_min, civil.tm_sec) = (field(11, 2), field(14, 2), field(17, 2))
    return Int64(timegm(&civil)) * 1_000_000_000 + Int64(field(20, 3)) * 1_000_000
  }
}

extension Timestamp: Codable {
  private enum CodingKeys: String, CodingKey {
    case utc
    case monotonic = "monotonic_s"
  }

  /// The encoder's `userInfo` entry with the offset of UTC, an Int64 of nanoseconds.
  package static let utcOffset = CodingUserInfoKey(rawValue: "utcOffset")!

  /// Reads both clocks' times.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let seconds = try container.decode(Double.self, forKey: .monotonic)
    guard abs(seconds) < 9e9 else {
      throw DecodingError.dataCorruptedError(
        forKey: .monotonic, in: container, debugDescription: "out of range")
    }
    nanoseconds = Int64((seconds * 1e9).rounded())
    utc = try container.decode(String.self, forKey: .utc)
  }

  /// Writes both clocks' times, in milliseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let offset = encoder.userInfo[Self.utcOffset] as? Int64
    try container.encode(offset.map { Self.rfc3339(nanoseconds + $0) } ?? utc, forKey: .utc)
    try container.encode((seconds * 1000).rounded() / 1000, forKey: .monotonic)
  }
}
