import Glibc
import SerdConfiguration
import SerdSystem

extension Doctor {
  private static let program = "/usr/bin/serd-web"
  private static let configuration = "/etc/serd/serd-web.conf"
  private static let usualAddress = "127.0.0.1:8098"

  /// Whether `serd-web` serves its page where its configuration says, asked as a browser would ask. Another program, so
  /// nothing of it is needed here.
  func page() -> Finding {
    guard access(system.root + Self.program, F_OK) == 0 else {
      return .skipped(.page, "serd-web is not installed")
    }
    do throws(ConfigurationError) {
      let address = try listeningAddress()
      guard let port = Self.port(of: address) else { return .skipped(.page, "serd-web listens at \(address)") }
      guard let answer = ask(port: port) else {
        return .skipped(.page, "serd-web is not running: sudo systemctl enable --now serd-web starts it")
      }
      guard answer.contains("\"program\":\"serd-web") else {
        return .problem(
          .page, "another program answers at port \(port)",
          mend: "choose another port in \(Self.configuration), such as listen = 127.0.0.1:8099, and restart serd-web")
      }
      if answer.contains("\"history\":\"failing\"") {
        return .problem(
          .page, "the page is served, but its history cannot be written",
          mend: "see why: journalctl -u serd-web -n 20; often the disk is full")
      }
      if answer.contains("\"daemon\":false") {
        return .problem(
          .page, "the page is served, but cannot read events",
          mend: "see why: journalctl -u serd-web -n 20; with a daemon of your own: socket = PATH in serd-web.conf")
      }
      return .ok(.page, "http://127.0.0.1:\(port)/")
    } catch {
      return .problem(.page, error.description, mend: "correct it there, then: serd-web check-config")
    }
  }

  private func listeningAddress() throws(ConfigurationError) -> String {
    let path = system.root + Self.configuration
    guard access(path, F_OK) == 0 else { return Self.usualAddress }
    let line = try ConfigurationFile(path: path).assignments.last { $0.key == "listen" }
    return line?.value ?? Self.usualAddress
  }

  /// The port of the first address that this machine can connect to; nil for paths of Unix sockets.
  private static func port(of addresses: String) -> UInt16? {
    addresses.split(separator: " ").first { !$0.hasPrefix("/") }.flatMap {
      $0.split(separator: ":").last.flatMap { UInt16($0) }
    }
  }

  /// The answer to a question for the page's health; nil if nobody listens.
  private func ask(port: UInt16) -> String? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: Int(settings.patience / 1000), tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let question = Array("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard isConnected, send(descriptor, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: 1 << 13)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + filled, $0.count - filled, 0) }
      guard count > 0 else { break }
      filled += count
    }
    return String(decoding: bytes[..<filled], as: UTF8.self)
  }
}
