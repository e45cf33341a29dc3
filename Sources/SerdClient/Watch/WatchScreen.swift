import SerdConsole
import SerdProtocol

/// Draws a `WatchModel` on a terminal of a given size: lines of text, no cursor movement.
///
/// ```
///  serd  emodb  plughw:CARD=Mic                          ● listening  2 min 5 s
///
///  anger  for 5.6 s
///
///  level      ██████████████████████▊                                -21.7 dBFS
///  speech     ████████████████████████████████████████████            93 %
///
///  anger      ██████████████████████████████████▋                     77 %
///  …
///  14:03:59  anger begins, 81 %
///  …
///  q quit   m mute
/// ```
package struct WatchScreen: Sendable {
  /// Narrower terminals are drawn as if they had this width; what is beyond is cut.
  private static let narrowest = 40
  private static let quietest = -60.0

  private let width: Int
  private let height: Int
  private let inColour: Bool

  /// For a terminal of so many columns and rows.
  package init(width: Int, height: Int, inColour: Bool) {
    self.width = width
    self.height = height
    self.inColour = inColour
  }

  /// At most `height` lines of at most `width` columns, control sequences for colours not counted. `now` is in
  /// nanoseconds of CLOCK_MONOTONIC.
  package func lines(_ model: WatchModel, now: Int64) -> [String] {
    let time = Timestamp(nanoseconds: now)
    var lines = [heading(model, time), "", presence(model, time), ""]
    lines += meters(model) + [""] + probabilities(model)
    let footer = keys(model)
    let room = height - lines.count - 3
    if room > 0, !model.entries.isEmpty {
      lines.append("")
      lines += model.entries.prefix(room).map(entry)
    }
    lines = Array(lines.prefix(max(0, height - 2)))
    while lines.count < height - 1 { lines.append("") }
    return Array((lines + [footer]).suffix(height))
  }

  private var inner: Int { max(width, Self.narrowest) - 2 }

  private func heading(_ model: WatchModel, _ now: Timestamp) -> String {
    let names = ["serd", model.hello?.model.name, model.state?.device.name].compactMap { $0 }.map(TextTable.harmless)
    let (status, colour) = status(model, now)
    let left = TextTable.fitted(names.joined(separator: "  "), max(0, inner - status.count - 1))
    return " \(paint(left, .bold)) \(paint(cut(status), colour))"
  }

  private func status(_ model: WatchModel, _ now: Timestamp) -> (String, Colour) {
    if model.absence != nil { return ("○ no daemon", .red) }
    guard let state = model.state else { return ("○ connecting", .dim) }
    let duration = TextTable.seconds(now.seconds - state.since.seconds)
    switch state.activity {
    case .listening: return ("● listening  \(duration)", .green)
    case .waiting: return ("○ no microphone  \(duration)", .red)
    case .muted: return ("◌ muted  \(duration)", .yellow)
    }
  }

  /// What is present, or why nothing is.
  private func presence(_ model: WatchModel, _ now: Timestamp) -> String {
    if let absence = model.absence { return " " + paint(cut(absence), .red) }
    guard let state = model.state else { return "" }
    if state.activity == .waiting {
      return " " + paint(cut(TextTable.harmless(state.device.reason ?? "waiting")), .red)
    }
    if state.activity == .muted { return " " + paint(cut("nothing is analysed; m or 'serd unmute' goes on"), .yellow) }
    if let health = model.health, health.condition != .listening {
      return " " + paint(cut(TextTable.harmless(health.detail ?? health.condition.rawValue)), .red)
    }
    guard let emotion = state.emotion else { return " " + paint(state.isGateOpen ? "speech" : "no speech", .dim) }
    let duration = "for \(TextTable.seconds(now.seconds - emotion.since.seconds))"
    let colour: Colour = emotion.label == StateEvent.Emotion.uncertain ? .dim : .strong
    return " \(paint(cut(TextTable.harmless(emotion.label)), colour))  \(paint(duration, .dim))"
  }

  private func labelWidth(_ model: WatchModel) -> Int {
    min(16, max(6, model.hello?.labels.map(\.count).max() ?? 0))
  }

  private func row(_ model: WatchModel, _ label: String, _ share: Double?, _ value: String, _ colour: Colour) -> String
  {
    let labels = labelWidth(model)
    let bar = max(4, inner - labels - 2 - 11)
    let text = TextTable.fitted(TextTable.harmless(label), labels)
    let blocks = TextTable.bar(share ?? 0, bar)
    return " \(text)  \(paint(blocks, colour)) \(TextTable.right(value, 10))"
  }

  private func meters(_ model: WatchModel) -> [String] {
    let level = model.level
    let share = level.map { ($0 - Self.quietest) / -Self.quietest }
    let isLoud = (level ?? -200) > -3
    let speech = model.state?.isGateOpen == true
    return [
      row(model, "level", share, level.map { "\($0) dBFS" } ?? "", isLoud ? .red : .green),
      row(
        model, "speech", model.window?.speechRatio ?? (speech ? 1 : 0), speech ? "gate open" : "",
        speech ? .green : .dim),
    ]
  }

  private func probabilities(_ model: WatchModel) -> [String] {
    guard let labels = model.hello?.labels else { return [] }
    let present = model.state?.emotion?.label
    return labels.map { label in
      let share = model.window?.probabilities?[label]
      let value = share.map { "\(Int(($0 * 100).rounded())) %" } ?? ""
      return row(model, label, share, value, label == present ? .strong : .plain)
    }
  }

  private func entry(_ entry: WatchModel.Entry) -> String {
    let text = TextTable.fitted(TextTable.harmless(entry.text), max(0, inner - 10))
    return " \(paint(TextTable.localTime(entry.utc), .dim))  \(paint(text, entry.isWarning ? .yellow : .plain))"
  }

  private func keys(_ model: WatchModel) -> String {
    " " + paint(cut("q quit   m \(model.state?.activity == .muted ? "unmute" : "mute")"), .dim)
  }

  private func cut(_ text: String) -> String { text.count > inner ? TextTable.fitted(text, inner) : text }

  private enum Colour: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case strong = "1;36"
  }

  private func paint(_ text: String, _ colour: Colour) -> String {
    guard inColour, colour != .plain else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}
