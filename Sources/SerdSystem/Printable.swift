/// A name as it may be shown on a terminal or in a log: characters that control one, or that turn the direction of
/// writing, are escaped, and the name is quoted then; any other stays as it is.
package func printable(_ name: String) -> String {
  let isPlain = !name.isEmpty && name.unicodeScalars.allSatisfy { FileName.byte(of: $0) == nil && !isControl($0) }
  if isPlain { return name }
  var text = "\""
  for scalar in name.unicodeScalars {
    switch scalar {
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    case "\"", "\\": text += "\\\(scalar)"
    default:
      if let byte = FileName.byte(of: scalar) {
        text += "\\x" + hexadecimal(UInt32(byte))
      } else if isControl(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
  return text + "\""
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 2 - digits.count)) + digits
}

/// Controls, line and paragraph separators, and what turns the direction of writing.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
