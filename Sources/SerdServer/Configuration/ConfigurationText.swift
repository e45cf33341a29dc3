import SerdDetection

extension ConfigurationLayers {
  /// The configuration file with every key, commented, at its default: what a package installs.
  package static var defaultFile: String {
    let defaults = Configuration()
    var text = """
      # Configuration of serd: serd.conf(5). Every key is here with its default; remove the # to change one, then
      # `systemctl reload serd` (or restart it, where a key says so). `serd check-config` shows what is in force and why.
      # Each key is also an environment variable (SERD_DEVICE) and an option (--set device=...); those are stronger.

      """
    for section in ConfigurationKey.sections {
      text += "\n[\(section)]\n"
      for key in ConfigurationKey.all where key.section == section {
        text += "# \(key.help)\(key.isReloadable ? "" : " Needs a restart.")\n"
        let value = key.text(defaults)
        text += value.isEmpty ? "#\(key.name) =\n" : "#\(key.name) = \(value)\n"
      }
    }
    text +=
      "\n# Begin thresholds of single emotions, by the model's labels: higher, fewer events. Others have begin-threshold.\n"
    text += "[\(thresholdSection)]\n"
    for (label, begin) in EmotionTracker.Settings.usualBegins.sorted(by: { $0.key < $1.key }) {
      text += "#\(label) = \(begin)\n"
    }
    return text
  }

  /// What is in force, a key a line with where it came from: for `serd check-config`. Readable as a configuration file.
  package var resultText: String {
    var lines = ["# \(path.map { "file: \($0)" } ?? "no configuration file: \(Self.usualPath) is not there")"]
    for section in ConfigurationKey.sections {
      lines.append("\n[\(section)]")
      for key in ConfigurationKey.all where key.section == section {
        lines += Self.line(key.name, key.text(configuration), origin(of: key.name))
      }
    }
    if !configuration.emotions.begins.isEmpty {
      lines.append("\n[\(Self.thresholdSection)]")
      for (label, value) in configuration.emotions.begins.sorted(by: { $0.key < $1.key }) {
        lines += Self.line(label, "\(value)", origin(of: "\(Self.thresholdSection).\(label)"))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A key with its value and origin; the origin goes before it where the line would become too long to be read again.
  private static func line(_ key: String, _ value: String, _ origin: ConfigurationOrigin) -> [String] {
    // A semicolon after a space begins a comment.
    let assignment = value.hasPrefix(";") ? "\(key)=\(value)" : "\(key) = \(value)"
    let line = assignment + String(repeating: " ", count: max(1, 44 - assignment.count)) + "; \(origin.description)"
    return line.utf8.count <= ConfigurationFile.longestLine ? [line] : ["; \(origin.description)", "\(key)=\(value)"]
  }
}
