import SerdWeb
import Testing

/// What is taken for a request, and with which status all else is refused.
@Suite struct HTTPRequestTests {
  private func read(_ head: String) throws(HTTPStatus) -> HTTPRequest {
    try HTTPRequest(head: Array(head.replacing("|", with: "\r\n").utf8))
  }

  @Test("A request has its method, path, query, headers by name in lower case, and cookies")
  func whole() throws {
    let request = try read("GET /history/range?from=1&to=%32+3&x HTTP/1.1|Host: a|Cookie: b=c; serd-web=d|Accept:  e ")
    #expect(request.method == "GET" && request.path == "/history/range" && request.isKeptAlive)
    #expect(request.query == ["from": "1", "to": "2 3", "x": ""])
    #expect(request.headers["accept"] == "e" && request.cookie("serd-web") == "d" && request.cookie("web") == nil)
    #expect(try !read("GET / HTTP/1.0").isKeptAlive)
    #expect(try !read("GET / HTTP/1.1|Host: a|Connection: Close").isKeptAlive)
  }

  @Test("Bad percent signs stay as they are")
  func percent() { #expect(HTTPRequest.form("a=100%&b=%zz&c=%4") == ["a": "100%", "b": "%zz", "c": "%4"]) }

  @Test(
    "What could be read in two ways is refused",
    arguments: [
      ("", HTTPStatus.badRequest), ("GET /", .badRequest), ("get / HTTP/1.1|Host: a", .badRequest),
      ("GET  / HTTP/1.1|Host: a", .badRequest), ("GET http://a/ HTTP/1.1|Host: a", .badRequest),
      ("GET /ä HTTP/1.1|Host: a", .badRequest), ("GET / HTTP/2|Host: a", .versionNotSupported),
      ("GET / HTTP/1.1", .badRequest), ("GET / HTTP/1.1|Host: a|Host: a", .badRequest),
      ("GET / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2", .badRequest),
      ("GET / HTTP/1.1|Host: a|Content-Length: +1", .badRequest),
      ("GET / HTTP/1.1|Host: a|Content-Length: 99999999999999999999", .badRequest),
      ("GET / HTTP/1.1|Host: a| folded", .badRequest), ("GET / HTTP/1.1|Host : a", .badRequest),
      ("GET / HTTP/1.1|Host: a\nX: b", .badRequest), ("GET / HTTP/1.1|Host: a\u{0}", .badRequest),
      ("POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked", .lengthRequired),
    ])
  func refused(head: String, status: HTTPStatus) {
    #expect(throws: status) { try read(head) }
  }

  @Test("Bytes that are no UTF-8 are refused")
  func bytes() {
    #expect(throws: HTTPStatus.badRequest) { try HTTPRequest(head: [0xFF, 0xFE]) }
  }
}
