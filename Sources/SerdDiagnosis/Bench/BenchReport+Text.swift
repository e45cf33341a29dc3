import SerdNetwork

/// The table for people: one screen, 80 columns.
extension BenchReport {
  private static let nameWidth = 34
  private static let cellWidth = 11

  /// The table and what it says about listening on this machine.
  package var text: String {
    let processor = Processor()
    let others = InstructionSet.available.filter { $0 != kernels.instructionSet }.map(\.name)
    let description = model.model.description
    var text = "\(processor.name), \(processor.cores) core\(processor.cores == 1 ? "" : "s"); one is used\n"
    text += "kernels \(kernels.instructionSet.name)"
    text += others.isEmpty ? "" : " (also here: \(others.joined(separator: ", ")))"
    text += ", int8 peak \(decimals(kernels.peak * 1e-9, 1)) GMAC/s\n"
    text += "model \(description.name): windows of \(decimals(description.windowSeconds, 1)) s, every \(hop.length) s, "
    text += "transform \(transform.rawValue)\n"
    text += "memory \(kibibytes(memory.activations)) of activations, \(kibibytes(memory.weights)) of packed weights\n"
    for group in Group.allCases {
      text += "\n" + row(group.rawValue, ["median µs", "90 % µs", "GMAC/s", "of peak"])
      for stage in stages where stage.group == group { text += row("  " + stage.name, cells(stage)) }
    }
    return text + "\n" + verdict
  }

  private func cells(_ stage: Stage) -> [String] {
    let times = [stage.time.median, stage.time.p90].map { microseconds($0) }
    guard stage.multiplyAdds > 0 else { return times }
    let speed = Double(stage.multiplyAdds) / stage.time.median
    return times + [decimals(speed * 1e-9, 1), "\(decimals(100 * speed / kernels.peak, 0)) %"]
  }

  private var verdict: String {
    let share = "\(decimals(100 * realTimeFactor, realTimeFactor < 0.01 ? 2 : 1)) % of one core"
    if realTimeFactor < 1 {
      return "Listening to speech takes \(share): \(decimals(1 / realTimeFactor, 0)) times faster than real time.\n"
    }
    return "Listening to speech would take \(share): this machine cannot keep up.\n"
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
    let columns = cells.map { spaces(Self.cellWidth - $0.count) + $0 }
    return name + spaces(Self.nameWidth - name.count) + columns.joined() + "\n"
  }

  private func kibibytes(_ bytes: Int) -> String { "\((bytes + 1023) / 1024) KiB" }

  /// Three digits or more.
  private func microseconds(_ seconds: Double) -> String {
    let value = seconds * 1e6
    return decimals(value, value < 10 ? 2 : value < 100 ? 1 : 0)
  }

  /// A number that is not negative, with this many decimals.
  private func decimals(_ value: Double, _ places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard places > 0 else { return String(scaled) }
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
