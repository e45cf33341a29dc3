import Glibc

/// Where to listen: `127.0.0.1:8098`, `[::1]:8098`, `0.0.0.0:8098`, or the path of a Unix socket. Names are not looked
/// up: they could mean another place tomorrow.
package enum ListeningAddress: Equatable, Sendable, CustomStringConvertible {
  case tcp4(in_addr_t, port: UInt16)
  case tcp6([UInt8], port: UInt16)
  case file(String)

  /// What is taken, for an error.
  package static let expected = "an address and a port (127.0.0.1:8098, [::1]:8098), or a path"

  /// nil if the text is none.
  package init?(_ text: String) {
    if text.hasPrefix("/") {
      self = .file(text)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      return nil
    }
    let host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      var bytes = [UInt8](repeating: 0, count: 16)
      guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &bytes) == 1 else { return nil }
      self = .tcp6(bytes, port: port)
    } else {
      var address = in_addr()
      guard inet_pton(AF_INET, String(host), &address) == 1 else { return nil }
      self = .tcp4(address.s_addr, port: port)
    }
  }

  /// Who can come in there.
  package var door: Door {
    switch self {
    case .tcp4(let address, _): UInt32(bigEndian: address) >> 24 == 127 ? .loopback : .network
    case .tcp6(let bytes, _): bytes == [UInt8](repeating: 0, count: 15) + [1] ? .loopback : .network
    case .file: .file
    }
  }

  package var description: String {
    switch self {
    case .tcp4(let address, let port):
      var (address, text) = (in_addr(s_addr: address), [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN)))
      inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
      return "\(Self.string(text)):\(port)"
    case .tcp6(var bytes, let port):
      var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
      return "[\(Self.string(text))]:\(port)"
    case .file(let path): return path
    }
  }

  /// What to type into a browser; nil for a file.
  package var link: String? {
    switch self {
    case .tcp4, .tcp6: "http://\(description)/"
    case .file: nil
    }
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
