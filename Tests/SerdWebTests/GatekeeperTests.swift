import Glibc
import SerdTestKit
import SerdWeb
import Testing

/// Who may ask for what.
@Suite struct GatekeeperTests {
  private static let token = "abcde-fghjk-mnpqr-stuvw-xyz23"

  private func keeper(asksEverybody: Bool = false) -> Gatekeeper {
    Gatekeeper(hosts: ["serd.example"], token: Self.token, asksEverybody: asksEverybody, machine: "kitchen")
  }

  private func request(
    _ target: String = "GET /", host: String = "localhost", _ headers: String = ""
  ) throws -> HTTPRequest {
    try HTTPRequest(head: Array("\(target) HTTP/1.1\r\nHost: \(host)\(headers.isEmpty ? "" : "\r\n\(headers)")".utf8))
  }

  @Test("The page is known by this machine's names, those that were added, and addresses in numbers")
  func hosts() throws {
    for host in [
      "localhost", "LOCALHOST:8098", "kitchen", "kitchen.local:1", "serd.example", "127.0.0.1:8098", "[::1]:1",
    ] {
      #expect(keeper().refusal(of: try request(host: host), at: .file) == nil, "\(host)")
    }
    for host in ["evil.example", "localhost.evil.example", "localhost:80:90", "", "127.0.0.1.evil.example", "[evil]"] {
      #expect(keeper().refusal(of: try request(host: host), at: .file)?.status == .misdirected, "\(host)")
    }
  }

  @Test("Only the page itself may change something")
  func sameSite() throws {
    func status(_ headers: String) throws -> HTTPStatus? {
      keeper().refusal(of: try request("POST /mute", host: "localhost:8098", headers), at: .file)?.status
    }
    #expect(try status("Origin: http://localhost:8098") == nil)
    #expect(try status("Sec-Fetch-Site: same-origin") == nil)
    #expect(try status("Origin: https://localhost:8098\r\nSec-Fetch-Site: same-origin") == nil)
    for headers in [
      "", "Origin: null", "Origin: http://evil.example", "Origin: http://localhost", "Sec-Fetch-Site: cross-site",
      "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: none",
      "Origin: http://localhost:8098\r\nSec-Fetch-Site: cross-site", "Referer: http://localhost:8098/",
    ] { #expect(try status(headers) == .forbidden, "\(headers)") }
  }

  @Test("Other machines need the token; this one and a proxy do not, unless everybody is asked")
  func doors() throws {
    let plain = try request()
    #expect(keeper().refusal(of: plain, at: .loopback) == nil && keeper().refusal(of: plain, at: .file) == nil)
    let sent = try #require(keeper().refusal(of: plain, at: .network))
    #expect(sent.status == .seeOther && sent.headers.contains { $0 == ("Location", "/login") })
    #expect(keeper().refusal(of: try request("GET /events"), at: .network)?.status == .unauthorized)
    #expect(keeper(asksEverybody: true).refusal(of: try request("GET /events"), at: .loopback)?.status == .unauthorized)
    #expect(keeper(asksEverybody: true).refusal(of: plain, at: .file) == nil)
    for path in ["/login", "/page.css", "/texts.js"] {
      #expect(keeper().refusal(of: try request("GET \(path)"), at: .network) == nil, "\(path)")
    }
    #expect(keeper().refusal(of: try request("GET /", "Cookie: serd-web=\(Self.token)"), at: .network) == nil)
    for cookie in ["serd-web=", "serd-web=\(Self.token)x", "serd-web=\(Self.token.dropLast())", "x=\(Self.token)"] {
      #expect(keeper().refusal(of: try request("GET /", "Cookie: \(cookie)"), at: .network) != nil, "\(cookie)")
    }
    // In a URL it counts for nothing.
    #expect(keeper().refusal(of: try request("GET /events?token=\(Self.token)"), at: .network)?.status == .unauthorized)
  }

  @Test("The token sets a cookie that no script reads and no other site sends; after a wrong one there is a pause")
  func login() throws {
    var keeper = keeper()
    func login(_ token: String, now: Int64) throws -> HTTPResponse {
      var form = try request("POST /login")
      form.body = Array("token=\(token)".utf8)
      return keeper.login(form, at: .network, now: now)
    }
    let wrong = try login("wrong", now: 0)
    #expect(wrong.headers.contains { $0 == ("Location", "/login?wrong") })
    #expect(!wrong.headers.contains { $0.0 == "Set-Cookie" })
    #expect(try login(Self.token, now: 999_999_999).status == .tooManyRequests)
    let right = try login("+\(Self.token)%20", now: 1_000_000_000)
    let cookie = try #require(right.headers.first { $0.0 == "Set-Cookie" }).1
    #expect(cookie.hasPrefix("serd-web=\(Self.token); ") && cookie.hasSuffix("; HttpOnly; SameSite=Strict"))
    #expect(right.headers.contains { $0 == ("Location", "/") })
  }

  @Test("A token is made once, for its owner alone, and is another one each time")
  func token() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/state/token"
    #expect(try Token.read(at: path) == nil)
    let token = try Token.readOrMake(at: path)
    #expect(try Token.readOrMake(at: path) == token && token.count == 29)
    #expect(try Token.readOrMake(at: "\(folder.path)/other") != token)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(throws: WebError.self) { try Token.read(at: try folder.write("short", Array("short\n".utf8))) }
  }
}
