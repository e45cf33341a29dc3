import Glibc
import SerdConfiguration

/// Reads serd-web.conf, the environment and the command line.
package enum WebConfiguration {
  /// The file that is read when none is named; it may be missing.
  package static let usualPath = "/etc/serd/serd-web.conf"
  /// The environment variable that names the file.
  package static let pathVariable = "SERD_WEB_CONFIG"

  /// - Parameters:
  ///   - path: the file that the command line names; it must exist.
  ///   - options: what the command line sets, by key.
  package static func load(
    path: String?, environment: [String: String], options: [(key: String, value: String)]
  ) throws(ConfigurationError) -> (layers: SettingLayers<WebSettings>, path: String?) {
    let found = path ?? environment[pathVariable] ?? (access(usualPath, F_OK) == 0 ? usualPath : nil)
    var layers = SettingLayers(WebSettings(), keys: WebKey.all, prefix: "SERD_WEB_")
    if let found {
      let file = try ConfigurationFile(path: found)
      for line in file.assignments { try layers.take(line, of: file) }
    }
    try layers.take(environment: environment, others: [pathVariable])
    try layers.take(options: options)
    return (layers, found)
  }

  /// The configuration file with every key, commented, at its default: what a package installs.
  package static var defaultFile: String {
    """
    # Configuration of serd-web: serd-web(1). Every key is here with its default; remove the # to change one, then
    # `systemctl restart serd-web`. `serd-web check-config` shows what is in force and why. Each key is also an
    # environment variable (SERD_WEB_LISTEN) and an option (--set listen=...); those are stronger.

    """ + SettingText.defaults(WebKey.all, of: WebSettings(), restart: "")
  }

  /// What is in force, for `serd-web check-config`.
  package static func text(_ layers: SettingLayers<WebSettings>, path: String?) -> String {
    let heading = "# \(path.map { "file: \($0)" } ?? "no configuration file: \(usualPath) is not there")"
    return ([heading] + SettingText.lines(WebKey.all, layers)).joined(separator: "\n") + "\n"
  }
}
