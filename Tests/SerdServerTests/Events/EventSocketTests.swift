import Foundation
import SerdProtocol
import SerdServer
import SerdTestKit
import Testing

/// The socket file: who made it, who may use it, who removes it.
@Suite struct EventSocketTests {
  private let folder: ScratchFolder
  private let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/events.sock"
  }

  private func server(_ endpoint: EventEndpoint) throws -> EventServer {
    let handlers = EventServer.Handlers(mute: { _ in }, numbers: { DaemonNumbers(started: SampleEvents.time(0)) })
    return try EventServer(at: endpoint, hello: SampleEvents.hello, handlers: handlers)
  }

  private func refusal(_ endpoint: EventEndpoint) -> EventServerError? {
    do {
      try server(endpoint).stop()
      return nil
    } catch {
      return error as? EventServerError
    }
  }

  private func socketAccess(_ mode: UInt32, group: String) -> SocketAccess {
    var access = SocketAccess()
    access.mode = mode
    access.group = group
    return access
  }

  private func status() -> stat {
    var status = stat()
    lstat(path, &status)
    return status
  }

  @Test("Mode and group are as configured")
  func modeAndGroup() throws {
    let server = try server(.path(path, access: socketAccess(0o620, group: "\(getgid())")))
    #expect(status().st_mode & 0o777 == 0o620 && status().st_gid == getgid())
    server.stop()
    if getuid() == 0 {
      let other = try self.server(.path(path, access: socketAccess(0o660, group: "audio")))
      #expect(status().st_gid == getgrnam("audio")!.pointee.gr_gid && status().st_mode & 0o777 == 0o660)
      other.stop()
    }
    let error = try #require(refusal(.path(path, access: socketAccess(0o660, group: "no-such-group"))))
    #expect(error.cause == .configuration && error.description.contains("no-such-group"))
  }

  @Test("A second server on the same path is refused, and the first goes on")
  func second() throws {
    let first = try ServerFixture(at: path)
    let error = try #require(refusal(.path(path)))
    #expect(error.cause == .unavailable && error.description.contains(path))
    #expect(try RawClient(path: path).linesSoFar().count == 3)
    first.server.stop()
    #expect(refusal(.path(path)) == nil)
  }

  @Test("The file of a daemon that was killed is replaced")
  func stale() throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    bind(descriptor)
    listen(descriptor, 1)
    close(descriptor)
    #expect(status().st_mode & S_IFMT == S_IFSOCK)
    let fixture = try ServerFixture(at: path)
    #expect(try RawClient(path: path).linesSoFar().count == 3)
    fixture.server.stop()
  }

  private func bind(_ descriptor: Int32) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #expect(Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0)
      }
    }
  }

  @Test("A file that is no socket is left alone, and what is wrong is said")
  func noSocket() throws {
    try folder.write("events.sock", Array("precious".utf8))
    let error = try #require(refusal(.path(path)))
    #expect(error.cause == .configuration && error.description.contains("not a socket"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test(
    "Paths that cannot be are refused in one line that names them",
    arguments: ["/nowhere/at/all/events.sock", "", "/tmp/" + String(repeating: "x", count: 120)])
  func badPaths(path: String) throws {
    let error = try #require(refusal(.path(path)))
    #expect(error.cause == .configuration && !error.description.contains("\n"))
    #expect(
      error.description.contains(path.isEmpty ? "0 bytes" : path.hasPrefix("/tmp") ? "125 bytes" : "/nowhere/at/all"))
  }

  @Test("A socket that systemd made is used, and its file stays")
  func inherited() throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    bind(descriptor)
    listen(descriptor, 8)
    // A client that came before the daemon.
    let early = try RawClient(path: path)
    let server = try server(.inherited(descriptor: descriptor))
    #expect(try early.linesSoFar().count == 1)
    server.stop()
    #expect(status().st_mode & S_IFMT == S_IFSOCK)
  }

  @Test("A descriptor that is no listening socket is refused")
  func wrongDescriptor() throws {
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    #expect(try #require(refusal(.inherited(descriptor: file))).cause == .configuration)
    let unconnected = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(unconnected) }
    #expect(try #require(refusal(.inherited(descriptor: unconnected))).cause == .configuration)
  }

  @Test("Stopping leaves a file alone that another daemon has put in its place")
  func replaced() throws {
    let first = try server(.path(path))
    unlink(path)
    let second = try ServerFixture(at: path)
    first.stop()
    #expect(try RawClient(path: path).linesSoFar().count == 3)
    second.server.stop()
    #expect(access(path, F_OK) != 0)
  }
}
