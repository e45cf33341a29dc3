import SerdConsole

extension String {
  /// With the characters escaped that mean something in HTML.
  var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}

/// An inline SVG picture over the time of a recording, with a title and a description for those who cannot see it.
/// Colours come from the page's style.
struct TimePicture {
  static let width = 1000.0
  /// Room for names at the left of the plot.
  static let left = 84.0
  private static let right = 990.0
  private static let axisHeight = 22.0

  let title: String
  /// What there is to see, in a sentence.
  let summary: String
  let height: Double
  let duration: Double
  private var content = ""

  /// - Parameter height: of the plot, without the axis of times.
  init(title: String, summary: String, height: Double, duration: Double) {
    self.title = title
    self.summary = summary
    self.height = height
    self.duration = max(duration, 1e-3)
  }

  /// Where a time is.
  func x(_ seconds: Double) -> Double {
    Self.left + (Self.right - Self.left) * min(1, max(0, seconds / duration))
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    content +=
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" class=\"\(style)\"/>"
  }

  /// A rectangle that names itself when it is pointed at.
  mutating func rectangle(
    _ from: Double, _ to: Double, _ y: Double, _ height: Double, _ style: String, _ name: String = ""
  ) {
    let width = max(1, x(to) - x(from))
    let title = name.isEmpty ? "" : "<title>\(name.escaped)</title>"
    content +=
      "<rect x=\"\(short(x(from)))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"\(short(height))\" class=\"\(style)\">\(title)</rect>"
  }

  mutating func path(_ points: [(x: Double, y: Double)], closed: Bool, _ style: String) {
    guard let first = points.first else { return }
    var commands = "M\(short(first.x)) \(short(first.y))"
    for point in points.dropFirst() { commands += "L\(short(point.x)) \(short(point.y))" }
    content += "<path d=\"\(commands)\(closed ? "Z" : "")\" class=\"\(style)\"/>"
  }

  mutating func text(_ x: Double, _ y: Double, _ words: String, _ style: String = "", anchor: String = "start") {
    content +=
      "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\" class=\"\(style)\">\(words.escaped)</text>"
  }

  /// The name of a row, at its left.
  mutating func name(_ words: String, at y: Double) {
    text(Self.left - 8, y, words, anchor: "end")
  }

  /// The element, with an axis of times below the plot.
  func svg(id: String) -> String {
    // Behind all else.
    var grid = self
    grid.content = ""
    for tick in Self.ticks(duration) {
      let place = x(tick)
      grid.line(place, 0, place, height + 4, "grid")
      grid.text(place, height + 17, clock(tick), "tick", anchor: tick == 0 ? "start" : "middle")
    }
    grid.line(Self.left, height, Self.right, height, "axis")
    return """
      <svg viewBox="0 0 \(short(Self.width)) \(short(height + Self.axisHeight))" role="img" aria-labelledby="\(id)-t \(id)-d">
      <title id="\(id)-t">\(title.escaped)</title><desc id="\(id)-d">\(summary.escaped)</desc>\(grid.content)\(content)</svg>
      """
  }

  /// Up to ten round times.
  private static func ticks(_ duration: Double) -> [Double] {
    let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400]
    let step = steps.first { duration / $0 <= 10 } ?? (duration / 10).rounded(.up)
    return (0...Int(duration / step)).map { Double($0) * step }.filter { duration - $0 > 0.03 * duration || $0 == 0 }
  }
}

/// With as many digits as a picture needs.
private func short(_ value: Double) -> String {
  let text = value.decimals(1)
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
