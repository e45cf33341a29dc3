import SerdConsole

/// Text that goes into HTML or SVG.
extension String {
  /// With the characters escaped that mean something in markup.
  var escaped: String {
    var result = ""
    for character in self {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}

/// An inline SVG picture with a title and a description for those who cannot see it; colours come from the page's
/// style.
struct Picture {
  let width: Double
  let height: Double
  let title: String
  /// What a reader is to see in it, in a sentence.
  let summary: String
  private var content = ""

  init(width: Double, height: Double, title: String, summary: String) {
    self.width = width
    self.height = height
    self.title = title
    self.summary = summary
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    content +=
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" class=\"\(style)\"/>"
  }

  mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, opacity: Double = 1) {
    content += "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"\(short(height))\""
    content += " class=\"\(style)\"\(opacity < 1 ? " fill-opacity=\"\(short(opacity))\"" : "")/>"
  }

  mutating func dot(_ x: Double, _ y: Double, _ style: String, note: String) {
    content +=
      "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"4\" class=\"\(style)\"><title>\(note.escaped)</title></circle>"
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ style: String, note: String) {
    let list = points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
    content += "<polyline points=\"\(list)\" class=\"\(style)\"><title>\(note.escaped)</title></polyline>"
  }

  /// - Parameter anchor: `start`, `middle` or `end`, which is at `x`.
  mutating func text(_ x: Double, _ y: Double, _ text: String, anchor: String = "middle", _ style: String = "tick") {
    content +=
      "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\" class=\"\(style)\">\(text.escaped)</text>"
  }

  /// The element.
  var svg: String {
    "<svg viewBox=\"0 0 \(short(width)) \(short(height))\" role=\"img\" style=\"width:\(short(width))px\">"
      + "<title>\(title.escaped)</title><desc>\(summary.escaped)</desc>\(content)</svg>"
  }

  private func short(_ value: Double) -> String {
    let text = value.decimals(2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}

/// Round values along an axis.
enum AxisTicks {
  /// About `count` of them within low...high, at steps of 1, 2 or 5 times a power of ten.
  static func values(from low: Double, to high: Double, count: Int) -> [Double] {
    guard high > low, count > 0 else { return [low] }
    let rough = (high - low) / Double(count)
    var unit = 1.0
    while unit > rough { unit /= 10 }
    while unit * 10 <= rough { unit *= 10 }
    let step = [1, 2, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? rough
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard first <= last else { return [low] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// With as many decimals as the steps need.
  static func label(_ value: Double, among values: [Double]) -> String {
    let places = (0...6).first { places in
      values.allSatisfy { value in abs((Double(value.decimals(places)) ?? 0) - value) < 1e-9 }
    }
    return value.decimals(places ?? 6)
  }
}
