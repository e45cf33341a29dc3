/// A request of a browser, or of whatever else speaks HTTP/1.1. Strict: what could be read in two ways is refused.
package struct HTTPRequest: Equatable, Sendable {
  package let method: String
  /// As sent, without the query; percent signs are not looked into, since no path has one.
  package let path: String
  /// The query's values by name, percent signs resolved; of a name that is there twice, the last.
  package let query: [String: String]
  /// By name in lower case.
  package let headers: [String: String]
  package var body: [UInt8] = []
  /// Whether another request may follow on the connection.
  package let isKeptAlive: Bool
  /// How many bytes of body follow the head.
  let bodyLength: Int

  private static let once: Set<String> = [
    "host", "content-length", "transfer-encoding", "origin", "cookie", "authorization", "sec-fetch-site",
  ]

  /// Reads a head, from the request line to the empty line, without the latter. Throws the status to refuse it with.
  package init(head: some Sequence<UInt8>) throws(HTTPStatus) {
    guard let text = String(validating: Array(head), as: UTF8.self) else { throw .badRequest }
    // Swift takes CR LF for one character; a lone one of the two is refused below.
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    let words = (lines.popFirst() ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) }), !words[0].isEmpty else {
      throw .badRequest
    }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw words[2].hasPrefix("HTTP/") ? .versionNotSupported : .badRequest
    }
    guard words[1].first == "/", words[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .badRequest }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    method = String(words[0])
    path = String(target[0])
    query = target.count == 2 ? Self.form(target[1]) : [:]
    headers = try Self.headers(lines)
    guard words[2] == "HTTP/1.0" || headers["host"] != nil else { throw .badRequest }
    guard headers["transfer-encoding"] == nil else { throw .lengthRequired }
    let length = headers["content-length"] ?? "0"
    guard length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(length) else { throw .badRequest }
    bodyLength = count
    let wish = headers["connection"]?.lowercased()
    isKeptAlive = words[2] == "HTTP/1.1" && wish != "close"
  }

  private static func headers(_ lines: ArraySlice<Substring>) throws(HTTPStatus) -> [String: String] {
    var headers: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      // Neither a folded line nor a space before the colon: two readers could disagree about them.
      guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(isNameByte) else { throw .badRequest }
      guard parts[1].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .badRequest }
      let name = parts[0].lowercased()
      let value = parts[1].trimmed
      if let first = headers[name] {
        guard !once.contains(name) else { throw .badRequest }
        headers[name] = "\(first), \(value)"
      } else {
        headers[name] = value
      }
    }
    return headers
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  /// Reads `name=value&name=value`, as queries and forms have it.
  package static func form(_ text: some StringProtocol) -> [String: String] {
    var values: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[resolved(parts[0])] = parts.count == 2 ? resolved(parts[1]) : ""
    }
    return values
  }

  /// With plus signs as spaces, and `%41` as `A`; a percent sign without two digits stays.
  private static func resolved(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of a cookie.
  package func cookie(_ name: String) -> String? {
    let cookies = (headers["cookie"] ?? "").split(separator: ";").map(\.trimmed)
    return cookies.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at its ends.
  var trimmed: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
