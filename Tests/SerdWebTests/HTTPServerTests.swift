import Glibc
import SerdTestKit
import SerdWeb
import Testing

/// The server at its socket, one step at a time: the tests' clock stands still unless a test moves it.
@Suite struct HTTPServerTests {
  /// A server that answers with the path, and how often it was asked.
  private final class Fixture {
    let folder: ScratchFolder
    let path: String
    var server: HTTPServer
    var now: Int64 = 0
    var asked: [HTTPRequest] = []

    init(_ change: (inout HTTPServer.Limits) -> Void = { _ in }) throws {
      folder = try ScratchFolder()
      path = "\(folder.path)/page.sock"
      var limits = HTTPServer.Limits()
      change(&limits)
      server = HTTPServer(at: [try ListeningSocket(ListeningAddress(path)!)], limits: limits)
    }

    deinit { server.stop() }

    /// Does what there is to do.
    func step() {
      for _ in 0..<4 {
        var set = server.pollSet(now: now)
        poll(&set, nfds_t(set.count), 0)
        server.serve(set, now: now) { request, _ in
          asked.append(request)
          if request.path == "/events" { return .events(Array("data: first\n\n".utf8)) }
          if request.path == "/pieces" {
            var rest = ["one", "", "two"][...]
            return .pieces(HTTPResponse(.ok)) { rest.popFirst().map { Array($0.utf8) } }
          }
          return .response(HTTPResponse(.ok, request.path))
        }
      }
    }

    func connect(_ text: String = "") throws -> RawClient {
      let client = try RawClient(path: path)
      client.send(Array(text.utf8))
      step()
      return client
    }

    /// What a client has been sent so far.
    func read(_ client: RawClient) -> String {
      step()
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(client.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }

    /// Whether the server has hung up on a client, all that was sent before having been read.
    func isClosed(_ client: RawClient) -> Bool {
      step()
      var byte: UInt8 = 0
      return recv(client.descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == 0
    }
  }

  private static let host = "Host: localhost\r\n\r\n"

  @Test("Requests of one connection are answered in their order, those that come in pieces, too")
  func order() throws {
    let fixture = try Fixture()
    let client = try fixture.connect("GET /a HTTP/1.1\r\n\(Self.host)GET /b HTTP/1.1\r\nHo")
    #expect(fixture.read(client).hasSuffix("200 OK: /a\n"))
    client.send(Array("st: localhost\r\nContent-Length: 3\r\n\r\nab".utf8))
    #expect(fixture.read(client).isEmpty)
    client.send(Array("c".utf8))
    #expect(fixture.read(client).hasSuffix("200 OK: /b\n"))
    #expect(fixture.asked.map(\.path) == ["/a", "/b"] && fixture.asked[1].body == Array("abc".utf8))
  }

  @Test("Every answer forbids what a page of somebody else's could do with it")
  func policy() throws {
    let fixture = try Fixture()
    let answer = fixture.read(try fixture.connect("GET /a HTTP/1.1\r\n\(Self.host)"))
    for line in [
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';",
      "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: same-origin\r\n", "X-Frame-Options: DENY\r\n",
      "Cross-Origin-Resource-Policy: same-origin\r\n", "Cache-Control: no-store\r\n",
    ] { #expect(answer.contains(line)) }
    #expect(!answer.contains("unsafe"))
  }

  @Test("Pieces are sent in chunks; one that is empty does not end them")
  func pieces() throws {
    let fixture = try Fixture()
    let answer = fixture.read(try fixture.connect("GET /pieces HTTP/1.1\r\n\(Self.host)"))
    #expect(answer.contains("Transfer-Encoding: chunked\r\n"))
    #expect(answer.hasSuffix("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"))
  }

  @Test("HEAD is answered without a body")
  func head() throws {
    let fixture = try Fixture()
    #expect(fixture.read(try fixture.connect("HEAD /a HTTP/1.1\r\n\(Self.host)")).hasSuffix("\r\n\r\n"))
  }

  @Test("A head or a body that is too large is refused as such, however much follows")
  func tooLarge() throws {
    let fixture = try Fixture()
    let client = try fixture.connect("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 40_000))")
    #expect(fixture.read(client).hasPrefix("HTTP/1.1 431 "))
    // What was sent meanwhile is read, so that the answer is not taken back.
    #expect(client.send([UInt8](repeating: 97, count: 100_000)))
    #expect(fixture.isClosed(client))
    let other = try fixture.connect("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\(Self.host)")
    #expect(fixture.read(other).hasPrefix("HTTP/1.1 413 ") && fixture.asked.isEmpty)
  }

  @Test("One that does not finish its request is told so, one that asks for nothing is let go")
  func slow() throws {
    let fixture = try Fixture()
    let slow = try fixture.connect("GET / HTTP/1.1\r\nHost")
    let idle = try fixture.connect()
    fixture.now = HTTPServer.Limits().patience - 1
    slow.send(Array(":".utf8))
    #expect(fixture.read(slow).isEmpty)
    fixture.now += 1
    #expect(fixture.read(slow).hasPrefix("HTTP/1.1 408 "))
    #expect(!fixture.isClosed(idle))
    fixture.now = HTTPServer.Limits().idle
    #expect(fixture.isClosed(idle))
  }

  @Test("Connections that do nothing keep nobody out")
  func full() throws {
    let fixture = try Fixture { $0.connections = 3 }
    let idle = try (0..<3).map { _ in try fixture.connect() }
    let client = try fixture.connect("GET /a HTTP/1.1\r\n\(Self.host)")
    #expect(fixture.read(client).hasPrefix("HTTP/1.1 200 "))
    #expect(fixture.isClosed(idle[0]) && !fixture.isClosed(idle[2]))
  }

  @Test("Viewers get what is true now, then what comes; too many are told so")
  func streams() throws {
    let fixture = try Fixture { $0.streams = 1 }
    let viewer = try fixture.connect("GET /events HTTP/1.1\r\n\(Self.host)")
    #expect(fixture.read(viewer).hasSuffix("\r\n\r\ndata: first\n\n") && fixture.server.viewers == 1)
    fixture.server.broadcast(Array("data: next\n\n".utf8), now: 0)
    #expect(fixture.read(viewer) == "data: next\n\n")
    let other = try fixture.connect("GET /events HTTP/1.1\r\n\(Self.host)")
    #expect(fixture.read(other).hasPrefix("HTTP/1.1 503 "))
  }

  @Test("A viewer that does not read is let go, and keeps nobody waiting")
  func deaf() throws {
    let fixture = try Fixture { $0.queueBytes = 1000 }
    let deaf = try fixture.connect("GET /events HTTP/1.1\r\n\(Self.host)")
    #expect(fixture.server.viewers == 1)
    for _ in 0..<100 { fixture.server.broadcast([UInt8](repeating: 97, count: 100_000), now: 0) }
    #expect(fixture.server.viewers == 0)
    _ = deaf
  }

  @Test("A viewer that goes is noticed")
  func gone() throws {
    let fixture = try Fixture()
    var viewer: RawClient? = try fixture.connect("GET /events HTTP/1.1\r\n\(Self.host)")
    #expect(viewer != nil && fixture.server.viewers == 1)
    viewer = nil
    fixture.step()
    #expect(fixture.server.viewers == 0)
  }

  @Test("Only addresses in numbers and paths can be listened at; who comes in there is known")
  func addresses() {
    for text in ["127.0.0.1:8098", "[::1]:8098", "0.0.0.0:80", "/run/serd-web/page.sock"] {
      #expect(ListeningAddress(text)?.description == text)
    }
    for text in ["", "8098", "localhost:8098", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "::1:80", "page.sock"] {
      #expect(ListeningAddress(text) == nil, "\(text)")
    }
    let doors = ["127.9.9.9:1", "[::1]:1", "0.0.0.0:1", "[::]:1", "192.168.1.2:1", "/a"]
    let expected: [Door] = [.loopback, .loopback, .network, .network, .network, .file]
    #expect(doors.map { ListeningAddress($0)!.door } == expected)
  }
}
