import SerdConsole

/// A share with its interval per row: a dot between whiskers.
struct IntervalChart {
  struct Row {
    let name: String
    let interval: Interval
  }

  let title: String
  let rows: [Row]
  /// A line through all rows: the overall value.
  let overall: Double

  var svg: String {
    let (left, right, top, rowHeight) = (92.0, 500.0, 10.0, 26.0)
    let bottom = top + rowHeight * Double(rows.count)
    let best = rows.max { $0.interval.value < $1.interval.value }
    let worst = rows.min { $0.interval.value < $1.interval.value }
    var picture = Picture(
      width: 560, height: bottom + 30, title: title,
      summary: "From \((worst?.interval.value ?? 0).percent) % (\(worst?.name ?? "")) to "
        + "\((best?.interval.value ?? 0).percent) % (\(best?.name ?? "")); overall \(overall.percent) %. "
        + "The values are in the table below.")
    func x(_ value: Double) -> Double { left + value * (right - left) }
    for tick in [0, 0.2, 0.4, 0.6, 0.8, 1.0] {
      picture.line(x(tick), top, x(tick), bottom, "grid")
      picture.text(x(tick), bottom + 18, "\(Int((tick * 100).rounded())) %")
    }
    picture.line(x(overall), top, x(overall), bottom, "diagonal")
    for (index, row) in rows.enumerated() {
      let y = top + (Double(index) + 0.5) * rowHeight
      picture.text(left - 10, y + 4, row.name, anchor: "end")
      picture.line(x(row.interval.low), y, x(row.interval.high), y, "whisker")
      for end in [row.interval.low, row.interval.high] { picture.line(x(end), y - 5, x(end), y + 5, "whisker") }
      picture.dot(x(row.interval.value), y, "dot", note: "\(row.name): \(row.interval.text) %")
      picture.text(right + 12, y + 4, row.interval.value.percent, anchor: "start", "count")
    }
    return picture.svg
  }
}
