import Glibc
import SerdSystem

/// Why the page cannot be served.
package typealias WebError = Explained<HTTPServer>

/// A socket that listens at an address.
package struct ListeningSocket: Sendable {
  package let descriptor: Int32
  package let address: ListeningAddress
  var door: Door { address.door }

  /// - Parameter mode: of a Unix socket's file.
  package init(_ address: ListeningAddress, mode: UInt32 = 0o660) throws(WebError) {
    self.address = address
    do throws(Errno) {
      switch address {
      case .tcp4(let host, let port):
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = host
        descriptor = try Self.bound(to: name, AF_INET)
      case .tcp6(let host, let port):
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: host) }
        descriptor = try Self.bound(to: name, AF_INET6)
      case .file(let path):
        guard UnixSocket.isUsable(path: path) else { throw Errno(code: ENAMETOOLONG) }
        descriptor = try Self.bound(toFile: path, mode)
      }
    } catch {
      throw Self.explanation(of: error, address)
    }
  }

  private static func bound<Name>(to name: Name, _ family: Int32) throws(Errno) -> Int32 {
    let descriptor = try retrying { socket(family, Int32(SOCK_STREAM.rawValue), 0) }
    do throws(Errno) {
      try Descriptors.prepare(descriptor)
      var one: Int32 = 1
      let length = socklen_t(MemoryLayout<Int32>.size)
      try retrying { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, length) }
      var name = name
      try retrying {
        withUnsafePointer(to: &name) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
          }
        }
      }
      try retrying { listen(descriptor, 128) }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func bound(toFile path: String, _ mode: UInt32) throws(Errno) -> Int32 {
    let probe = try UnixSocket.make()
    defer { Glibc.close(probe) }
    do throws(Errno) {
      try UnixSocket.connect(probe, to: path)
      throw Errno(code: EADDRINUSE)
    } catch {
      // What a program that is no more has left behind.
      if error.code == ECONNREFUSED { unlink(path) } else if error.code != ENOENT { throw error }
    }
    let descriptor = try UnixSocket.make()
    do throws(Errno) {
      // The file begins with the mode of the descriptor.
      try retrying { fchmod(descriptor, 0o600) }
      try UnixSocket.bind(descriptor, to: path)
      try retrying { listen(descriptor, 128) }
      try retrying { chmod(path, mode) }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }

  func close() {
    if case .file(let path) = address { unlink(path) }
    _ = Glibc.close(descriptor)
  }

  private static func explanation(of error: Errno, _ address: ListeningAddress) -> WebError {
    let place = address.description
    return switch error.code {
    case EADDRINUSE:
      WebError(
        .unavailable, at: place, "another program listens there",
        advice: "stop it, or choose another address: listen = in serd-web.conf")
    case EADDRNOTAVAIL:
      WebError(
        .configuration, at: place, "this machine does not have that address", advice: "'ip address' shows its own")
    case EACCES:
      WebError(.configuration, at: place, "may not listen there", advice: "choose a port from 1024, or another folder")
    default:
      WebError(.configuration, at: place, "cannot listen there: \(error.words)")
    }
  }
}
