/// The status of a response, with what a program or a person without the page is told.
package enum HTTPStatus: Int, Error, Sendable {
  case ok = 200
  case noContent = 204
  case seeOther = 303
  case badRequest = 400
  case unauthorized = 401
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case lengthRequired = 411
  case contentTooLarge = 413
  case misdirected = 421
  case tooManyRequests = 429
  case headTooLarge = 431
  case serverError = 500
  case unavailable = 503
  case versionNotSupported = 505

  var words: String {
    switch self {
    case .ok: "OK"
    case .noContent: "No Content"
    case .seeOther: "See Other"
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .lengthRequired: "Length Required"
    case .contentTooLarge: "Content Too Large"
    case .misdirected: "Misdirected Request"
    case .tooManyRequests: "Too Many Requests"
    case .headTooLarge: "Request Header Fields Too Large"
    case .serverError: "Internal Server Error"
    case .unavailable: "Service Unavailable"
    case .versionNotSupported: "HTTP Version Not Supported"
    }
  }
}

/// An answer. What every answer must have for a browser's safety is added by `head`, so that none can be without.
package struct HTTPResponse: Sendable {
  /// Nothing but files of this server's own, no code within the page, no frame around it.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  package let status: HTTPStatus
  package var headers: [(String, String)]
  package var body: [UInt8]

  package init(_ status: HTTPStatus, headers: [(String, String)] = [], type: String? = nil, body: [UInt8] = []) {
    self.status = status
    self.headers = headers + (type.map { [("Content-Type", $0)] } ?? [])
    self.body = body
  }

  /// A refusal, or any other line of text.
  package init(_ status: HTTPStatus, _ text: String? = nil, headers: [(String, String)] = []) {
    let line = "\(status.rawValue) \(status.words)\(text.map { ": \($0)" } ?? "")\n"
    self.init(status, headers: headers, type: "text/plain; charset=utf-8", body: Array(line.utf8))
  }

  /// JSON, without its line feed.
  package init(json: String) { self.init(.ok, type: "application/json", body: Array("\(json)\n".utf8)) }

  /// The status line and the headers, to the empty line.
  ///
  /// - Parameters:
  ///   - length: nil for a body whose end is not known.
  ///   - isKeptAlive: whether the connection goes on.
  func head(length: Int?, isKeptAlive: Bool) -> [UInt8] {
    var fields = headers
    if let length { fields.append(("Content-Length", "\(length)")) }
    fields += [
      ("Connection", isKeptAlive ? "keep-alive" : "close"), ("Content-Security-Policy", Self.policy),
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
      ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
      ("Permissions-Policy", "microphone=(), camera=(), geolocation=()"),
    ]
    if !headers.contains(where: { $0.0 == "Cache-Control" }) { fields.append(("Cache-Control", "no-store")) }
    let lines = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
    return Array("HTTP/1.1 \(status.rawValue) \(status.words)\r\n\(lines)\r\n".utf8)
  }
}

/// What a handler does with a request.
package enum HTTPReply {
  case response(HTTPResponse)
  /// A download of unknown length, in chunks: a head, and pieces until nil. After an error it breaks off, and the
  /// browser says so.
  case pieces(HTTPResponse, next: () throws -> [UInt8]?)
  /// Server-sent events without an end: these bytes first.
  case events([UInt8])
}
