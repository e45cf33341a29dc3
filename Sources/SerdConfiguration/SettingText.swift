/// A configuration file as text: as a package installs it, and as `check-config` prints it.
package enum SettingText {
  /// A section with every key, commented, at its default.
  ///
  /// - Parameter reload: what is said of a key that needs a restart.
  package static func defaults<Settings>(
    _ keys: [SettingKey<Settings>], of settings: Settings, restart: String = " Needs a restart."
  ) -> String {
    var text = ""
    for section in SettingKey.sections(of: keys) {
      text += "\n[\(section)]\n"
      for key in keys where key.section == section {
        text += "# \(key.help)\(key.isReloadable ? "" : restart)\n"
        let value = key.text(settings)
        text += value.isEmpty ? "#\(key.name) =\n" : "#\(key.name) = \(value)\n"
      }
    }
    return text
  }

  /// What is in force, a key a line with where it came from. Readable as a configuration file.
  package static func lines<Settings>(_ keys: [SettingKey<Settings>], _ layers: SettingLayers<Settings>) -> [String] {
    SettingKey.sections(of: keys).flatMap { section in
      ["\n[\(section)]"]
        + keys.filter { $0.section == section }.flatMap {
          line($0.name, $0.text(layers.settings), layers.origin(of: $0.name))
        }
    }
  }

  /// A key with its value and origin; the origin goes before it where the line would become too long to be read again.
  package static func line(_ key: String, _ value: String, _ origin: ConfigurationOrigin) -> [String] {
    // A semicolon after a space begins a comment.
    let assignment = value.hasPrefix(";") ? "\(key)=\(value)" : "\(key) = \(value)"
    let line = assignment + String(repeating: " ", count: max(1, 44 - assignment.count)) + "; \(origin.description)"
    return line.utf8.count <= ConfigurationFile.longestLine ? [line] : ["; \(origin.description)", "\(key)=\(value)"]
  }
}
