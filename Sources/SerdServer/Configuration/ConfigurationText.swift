import SerdConfiguration
import SerdDetection

extension ConfigurationLayers {
  /// The configuration file with every key, commented, at its default: what a package installs.
  package static var defaultFile: String {
    var text = """
      # Configuration of serd: serd.conf(5). Every key is here with its default; remove the # to change one, then
      # `systemctl reload serd` (or restart it, where a key says so). `serd check-config` shows what is in force and why.
      # Each key is also an environment variable (SERD_DEVICE) and an option (--set device=...); those are stronger.

      """
    text += SettingText.defaults(ConfigurationKey.all, of: Configuration())
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
    lines += SettingText.lines(ConfigurationKey.all, layers)
    if !configuration.emotions.begins.isEmpty {
      lines.append("\n[\(Self.thresholdSection)]")
      for (label, value) in configuration.emotions.begins.sorted(by: { $0.key < $1.key }) {
        lines += SettingText.line(label, "\(value)", origin(of: "\(Self.thresholdSection).\(label)"))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
