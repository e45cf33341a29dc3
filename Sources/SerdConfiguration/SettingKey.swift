import SerdConsole

/// One setting of a program: its name in every layer (`key` in the file, `--set key=…`, `SERD_KEY`), what it means, how
/// it is read and printed. `Settings` are all of the program's.
package struct SettingKey<Settings>: Sendable {
  /// The section of the file.
  package let section: String
  /// The name: lower case, words joined by hyphens.
  package let name: String
  /// What it is, what it takes; a line or two for the file's comments.
  package let help: String
  /// What a value must be, completing "'x' is not …".
  let expected: String
  /// Whether SIGHUP applies a new value; others need a restart.
  package let isReloadable: Bool
  /// The value in a configuration, as it would be written in the file.
  package let text: @Sendable (Settings) -> String
  /// Sets the value; false if the text is not `expected`.
  let assign: @Sendable (inout Settings, String) -> Bool

  /// The environment variable: the program's prefix, and the name in capitals.
  package func variable(prefix: String) -> String {
    prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }
}

extension SettingKey {
  /// Any text; control characters are refused, since they never belong into a name or a path.
  package static func text(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, String> & Sendable, reloadable: Bool,
    canBeEmpty: Bool = true, _ help: String
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help,
      expected: canBeEmpty ? "printable text" : "printable text of at least one character", isReloadable: reloadable,
      text: { $0[keyPath: path] },
      assign: { configuration, text in
        guard isPrintable(text), canBeEmpty || !text.isEmpty else { return false }
        configuration[keyPath: path] = text
        return true
      })
  }

  /// A list of words.
  package static func words(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, [String]> & Sendable, _ help: String
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help, expected: "a list of words", isReloadable: true,
      text: { $0[keyPath: path].joined(separator: " ") },
      assign: { configuration, text in
        let words = WordList.words(text)
        // A word that begins a remark could not be written down again.
        guard isPrintable(text), !words.contains(where: { $0.hasPrefix("#") || $0.hasPrefix(";") }) else {
          return false
        }
        configuration[keyPath: path] = words
        return true
      })
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
  }

  /// A number within limits.
  package static func number(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, Double> & Sendable,
    in range: ClosedRange<Double>, _ help: String
  ) -> SettingKey {
    number(section, name, in: range, help, get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
  }

  /// As `number`, for a setting in single precision.
  package static func level(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, Float> & Sendable,
    in range: ClosedRange<Double>, _ help: String
  ) -> SettingKey {
    // By way of its shortest decimal text: -3.4 must not be shown as -3.4000000954.
    number(
      section, name, in: range, help, get: { Double("\($0[keyPath: path])")! }, set: { $0[keyPath: path] = Float($1) })
  }

  private static func number(
    _ section: String, _ name: String, in range: ClosedRange<Double>, _ help: String,
    get: @escaping @Sendable (Settings) -> Double, set: @escaping @Sendable (inout Settings, Double) -> Void
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help,
      expected: "a number from \(short(range.lowerBound)) to \(short(range.upperBound))", isReloadable: true,
      text: { short(get($0)) },
      assign: { configuration, text in
        guard let value = Double(text), range.contains(value) else { return false }
        set(&configuration, value)
        return true
      })
  }

  /// A whole number within limits; `K`, `M` and `G` stand for powers of 1024.
  package static func count(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, Int> & Sendable,
    in range: ClosedRange<Int>, reloadable: Bool, _ help: String
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      isReloadable: reloadable, text: { String($0[keyPath: path]) },
      assign: { configuration, text in
        guard let value = wholeNumber(text), range.contains(value) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  /// One of a type's values, by the words that the type has for them.
  package static func choice<Value: Sendable>(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, Value> & Sendable, expected: String,
    _ help: String, text: @escaping @Sendable (Value) -> String, value: @escaping @Sendable (String) -> Value?
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help, expected: expected, isReloadable: false,
      text: { text($0[keyPath: path]) },
      assign: { configuration, words in
        guard let value = value(words) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  /// Yes or no, in the words that systemd takes.
  package static func flag(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, Bool> & Sendable, _ help: String
  ) -> SettingKey {
    let values = [
      "yes": true, "no": false, "true": true, "false": false, "on": true, "off": false, "1": true, "0": false,
    ]
    return SettingKey(
      section: section, name: name, help: help, expected: "yes or no", isReloadable: false,
      text: { $0[keyPath: path] ? "yes" : "no" },
      assign: { configuration, text in
        guard let value = values[text] else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  /// Access permissions in octal.
  package static func mode(
    _ section: String, _ name: String, _ path: WritableKeyPath<Settings, UInt32> & Sendable, _ help: String
  ) -> SettingKey {
    SettingKey(
      section: section, name: name, help: help, expected: "an access mode in octal, such as 0660", isReloadable: false,
      text: { "0" + String($0[keyPath: path], radix: 8) },
      assign: { configuration, text in
        guard let value = UInt32(text, radix: 8), (0...0o777).contains(value) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  private static func wholeNumber(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last, let unit = units[last] else { return Int(text) }
    guard let number = Int(text.dropLast()) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }

  /// Without a needless ".0".
  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
