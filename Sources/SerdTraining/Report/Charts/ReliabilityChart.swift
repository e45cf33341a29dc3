import SerdConsole

/// Share of right decisions against confidence, in bins; a network that knows how much it knows lies on the diagonal.
/// Under it, how many decisions each bin has.
struct ReliabilityChart {
  let title: String
  let reliability: Reliability

  var svg: String {
    let (left, top, side, gap, counts) = (52.0, 26.0, 290.0, 40.0, 60.0)
    let total = reliability.bins.reduce(0) { $0 + $1.count }
    let error = reliability.expectedCalibrationError
    var picture = Picture(
      width: left + side + 18, height: top + side + gap + counts + 44, title: title,
      summary: "\(total) decisions; expected calibration error \(error.percent) %, "
        + "confidence \(reliability.overconfidence >= 0 ? "above" : "below") accuracy by "
        + "\(abs(reliability.overconfidence).percent) points on average. The bins are in the table below.")
    func x(_ value: Double) -> Double { left + value * side }
    func y(_ value: Double) -> Double { top + side - value * side }
    for tick in [0, 0.2, 0.4, 0.6, 0.8, 1.0] {
      picture.line(left, y(tick), left + side, y(tick), "grid")
      picture.text(left - 8, y(tick) + 4, "\(Int((tick * 100).rounded())) %", anchor: "end")
      picture.text(x(tick), top + side + 16, "\(Int((tick * 100).rounded()))")
    }
    let most = Double(max(1, reliability.bins.map(\.count).max() ?? 1))
    let floor = top + side + gap + counts
    for bin in reliability.bins {
      guard let accuracy = bin.accuracy, let confidence = bin.confidence else { continue }
      let width = (bin.upper - bin.lower) * side - 2
      picture.box(x(bin.lower) + 1, y(accuracy), width, accuracy * side, "hit", opacity: 0.55)
      // From what was said to what was true.
      picture.line(x(confidence), y(confidence), x(confidence), y(accuracy), "gap")
      picture.dot(
        x(confidence), y(accuracy), "dot",
        note: "\(bin.count) decisions, confidence \(confidence.percent) %, right \(accuracy.percent) %")
      let height = Double(bin.count) / most * (counts - 14)
      picture.box(x(bin.lower) + 1, floor - height, width, height, "miss", opacity: 0.55)
      picture.text(x((bin.lower + bin.upper) / 2), floor - height - 3, "\(bin.count)", "small")
    }
    picture.line(x(0), y(0), x(1), y(1), "diagonal")
    picture.line(left, top + side, left + side, top + side, "axis")
    picture.line(left, floor, left + side, floor, "axis")
    picture.text(left, 12, "share that is right", anchor: "start")
    picture.text(left - 8, floor - counts / 2, "count", anchor: "end")
    picture.text(left + side / 2, floor + 20, "confidence in %")
    return picture.svg
  }
}
