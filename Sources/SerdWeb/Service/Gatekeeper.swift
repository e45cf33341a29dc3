import Glibc

/// Decides who may ask for what, before anything is done. A request is refused that
/// - comes by a name that is not ours: a page of somebody else's whose name now points here could read everything;
/// - would change something, and comes from somebody else's page;
/// - comes from another machine without the token.
package struct Gatekeeper {
  /// What the cookie is called.
  static let cookie = "serd-web"
  /// What a browser needs to ask for the token.
  private static let open: Set<String> = ["/login", "/login.js", "/texts.js", "/page.css", "/icon.svg", "/health"]
  /// How long the next try waits after a wrong token, in nanoseconds.
  private static let pause: Int64 = 1_000_000_000

  private let names: Set<String>
  private let token: String?
  private let asksEverybody: Bool
  private var closedUntil = Int64.min

  /// - Parameter token: nil if nobody is asked.
  package init(hosts: [String], token: String?, asksEverybody: Bool, machine: String = Gatekeeper.machineName) {
    let own = ["localhost", machine, "\(machine).local"]
    names = Set((own + hosts).map { $0.lowercased() })
    self.token = token
    self.asksEverybody = asksEverybody
  }

  /// This machine's name.
  package static var machineName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Why a request is refused; nil if it is not.
  package func refusal(of request: HTTPRequest, at door: Door) -> HTTPResponse? {
    let host = request.headers["host"] ?? ""
    guard isOurs(host) else {
      return HTTPResponse(.misdirected, "the page is not known as '\(host.prefix(100))'; add the name to hosts")
    }
    if request.method != "GET", request.method != "HEAD", !isSameSite(request, host: host) {
      return HTTPResponse(.forbidden, "this must be asked by the page itself")
    }
    guard needsToken(door), let token, !Self.open.contains(request.path) else { return nil }
    if let given = request.cookie(Self.cookie), Token.isEqual(given, token) { return nil }
    return request.path == "/"
      ? HTTPResponse(.seeOther, headers: [("Location", "/login")]) : HTTPResponse(.unauthorized, "the token is missing")
  }

  /// Looks at a token that somebody typed in; the answer sets the cookie.
  package mutating func login(_ request: HTTPRequest, at door: Door, now: Int64) -> HTTPResponse {
    guard let token, needsToken(door) else { return HTTPResponse(.seeOther, headers: [("Location", "/")]) }
    guard now >= closedUntil else { return HTTPResponse(.tooManyRequests, "try again in a second") }
    let form = HTTPRequest.form(String(decoding: request.body, as: UTF8.self))
    guard Token.isEqual((form["token"] ?? "").trimmed, token) else {
      closedUntil = now + Self.pause
      return HTTPResponse(.seeOther, headers: [("Location", "/login?wrong")])
    }
    let cookie = "\(Self.cookie)=\(token); Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
    return HTTPResponse(.seeOther, headers: [("Location", "/"), ("Set-Cookie", cookie)])
  }

  /// Forgets the cookie.
  static let logout = HTTPResponse(
    .seeOther,
    headers: [
      ("Location", "/login"), ("Set-Cookie", "\(cookie)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
    ])

  /// Whether one who comes in there is asked for the token. Who may open a Unix socket was asked by its mode, or is a
  /// proxy, which asks itself.
  func needsToken(_ door: Door) -> Bool {
    switch door {
    case .loopback: asksEverybody
    case .network: true
    case .file: false
    }
  }

  /// An address in numbers is nobody's name, and cannot be pointed elsewhere.
  private func isOurs(_ host: String) -> Bool {
    let name = Self.withoutPort(host).lowercased()
    if name.hasPrefix("["), name.hasSuffix("]") {
      var address = in6_addr()
      return inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &address) == 1
    }
    var address = in_addr()
    return names.contains(name) || inet_pton(AF_INET, name, &address) == 1
  }

  private static func withoutPort(_ host: String) -> String {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().utf8.allSatisfy(isDigit) else { return host }
    return String(host[..<colon])
  }

  /// Browsers say where a request comes from. One that says nothing is not served: it could not be told from one that
  /// a page of somebody else's has sent.
  private func isSameSite(_ request: HTTPRequest, host: String) -> Bool {
    if let site = request.headers["sec-fetch-site"], site != "same-origin" { return false }
    if let origin = request.headers["origin"] { return origin == "http://\(host)" || origin == "https://\(host)" }
    return request.headers["sec-fetch-site"] != nil
  }
}
