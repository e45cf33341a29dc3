import SerdSystem

/// What a request asks for. Paths are compared as they are: no file of the machine is ever looked for.
enum PageRoute: Equatable {
  case file(String)
  case events
  case health
  case mute(Bool)
  case login
  case logout
  case range(from: Int64, to: Int64)
  case slots(from: Int64, to: Int64)
  case export(HistoryExport.Format, from: Int64, to: Int64)
  case delete(from: Int64, to: Int64)

  private static let reading = [
    "/", "/login", "/page.css", "/texts.js", "/live.js", "/history.js", "/login.js", "/icon.svg", "/events", "/health",
    "/history/range", "/history/slots", "/history.csv", "/history.json",
  ]
  private static let changing = ["/login", "/logout", "/mute", "/unmute", "/history/delete"]

  /// Throws the answer to a request that asks for nothing there is.
  static func of(_ request: HTTPRequest) throws(HTTPRefusal) -> PageRoute {
    let isReading = request.method == "GET" || request.method == "HEAD"
    let allowed =
      (reading.contains(request.path) ? ["GET", "HEAD"] : []) + (changing.contains(request.path) ? ["POST"] : [])
    guard !allowed.isEmpty else { throw HTTPRefusal(HTTPResponse(.notFound)) }
    guard allowed.contains(request.method) else {
      throw HTTPRefusal(HTTPResponse(.methodNotAllowed, headers: [("Allow", allowed.joined(separator: ", "))]))
    }
    let values = isReading ? request.query : HTTPRequest.form(String(decoding: request.body, as: UTF8.self))
    switch request.path {
    case "/events": return .events
    case "/health": return .health
    case "/mute": return .mute(true)
    case "/unmute": return .mute(false)
    case "/logout": return .logout
    case "/login" where !isReading: return .login
    case "/history/range":
      let (from, to) = try time(values)
      return .range(from: from, to: to)
    case "/history/slots":
      let (from, to) = try time(values)
      return .slots(from: from, to: to)
    case "/history.csv", "/history.json":
      let (from, to) = values.isEmpty ? (0, Int64.max / 2) : try time(values)
      return .export(request.path.hasSuffix("csv") ? .csv : .json, from: from, to: to)
    case "/history/delete":
      let (from, to) = try time(values)
      return .delete(from: from, to: to)
    default: return .file(request.path)
    }
  }

  /// Milliseconds since 1970, as `from` and `to`.
  private static func time(_ values: [String: String]) throws(HTTPRefusal) -> (Int64, Int64) {
    let year10000: Int64 = 253_402_300_800_000
    guard let from = values["from"].flatMap({ Int64($0) }), let to = values["to"].flatMap({ Int64($0) }),
      0 <= from, from < to, to <= year10000
    else {
      throw HTTPRefusal(HTTPResponse(.badRequest, "from and to are milliseconds since 1970, in this order"))
    }
    return (from, to)
  }
}

/// The answer to a request that is not done.
struct HTTPRefusal: Error {
  let response: HTTPResponse
  init(_ response: HTTPResponse) { self.response = response }
}
