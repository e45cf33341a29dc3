/// The page's files, which are part of the program.
enum PageFiles {
  private static let files: [String: (type: String, bytes: [UInt8])] = [
    "/": ("text/html; charset=utf-8", PackageResources.index_html),
    "/login": ("text/html; charset=utf-8", PackageResources.login_html),
    "/page.css": ("text/css; charset=utf-8", PackageResources.page_css),
    "/texts.js": ("text/javascript; charset=utf-8", PackageResources.texts_js),
    "/live.js": ("text/javascript; charset=utf-8", PackageResources.live_js),
    "/history.js": ("text/javascript; charset=utf-8", PackageResources.history_js),
    "/login.js": ("text/javascript; charset=utf-8", PackageResources.login_js),
    "/icon.svg": ("image/svg+xml", PackageResources.icon_svg),
  ]

  /// The file of a path; nil if there is none.
  static func response(_ path: String) -> HTTPResponse? {
    files[path].map { HTTPResponse(.ok, type: $0.type, body: $0.bytes) }
  }
}
