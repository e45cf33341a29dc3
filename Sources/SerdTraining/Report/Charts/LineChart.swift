import SerdConsole

/// One quantity over the epochs: a thin line per training, a thick one for their mean.
struct LineChart {
  let title: String
  let curves: [TrainingLog.Curve]
  /// The axis then goes from 0 to 100 %.
  let isShare: Bool

  private static let (width, height) = (560.0, 300.0)
  private static let (left, right, top, bottom) = (52.0, 548.0, 14.0, 258.0)

  /// Mean over the trainings that have reached an epoch.
  var mean: [(epoch: Int, value: Double)] {
    var sums: [Int: (sum: Double, count: Int)] = [:]
    for curve in curves {
      for (epoch, value) in zip(curve.epochs, curve.values) {
        let known = sums[epoch] ?? (0, 0)
        sums[epoch] = (known.sum + value, known.count + 1)
      }
    }
    return sums.map { ($0.key, $0.value.sum / Double($0.value.count)) }.sorted { $0.0 < $1.0 }
  }

  var svg: String {
    let mean = mean
    let values = curves.flatMap(\.values)
    let (firstEpoch, lastEpoch) = (mean.first?.epoch ?? 1, max(mean.last?.epoch ?? 2, (mean.first?.epoch ?? 1) + 1))
    let low = isShare ? 0 : min(values.min() ?? 0, 0)
    let high = isShare ? 1 : max(values.max() ?? 1, low + 1e-6) * 1.05
    func x(_ epoch: Double) -> Double {
      Self.left + (epoch - Double(firstEpoch)) / Double(lastEpoch - firstEpoch) * (Self.right - Self.left)
    }
    func y(_ value: Double) -> Double { Self.bottom - (value - low) / (high - low) * (Self.bottom - Self.top) }
    var picture = Picture(
      width: Self.width, height: Self.height, title: title,
      summary: "\(title) of \(curves.count) trainings over \(mean.count) epochs; mean at the end "
        + "\(format(mean.last?.value ?? 0)). The values are in the table below.")
    let ticks = AxisTicks.values(from: low, to: high, count: 5)
    for tick in ticks {
      picture.line(Self.left, y(tick), Self.right, y(tick), "grid")
      picture.text(
        Self.left - 8, y(tick) + 4, isShare ? "\(Int((tick * 100).rounded())) %" : AxisTicks.label(tick, among: ticks),
        anchor: "end")
    }
    let epochs = AxisTicks.values(from: Double(firstEpoch), to: Double(lastEpoch), count: 8).filter {
      $0 == $0.rounded()
    }
    for epoch in epochs { picture.text(x(epoch), Self.bottom + 18, "\(Int(epoch))") }
    picture.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
    picture.text((Self.left + Self.right) / 2, Self.bottom + 36, "epoch")
    for curve in curves {
      picture.path(
        zip(curve.epochs, curve.values).map { (x(Double($0)), y($1)) }, "thin",
        note: "seed \(curve.seed), fold \(curve.fold)")
    }
    picture.path(mean.map { (x(Double($0.epoch)), y($0.value)) }, "thick", note: "mean of all trainings")
    return picture.svg
  }

  /// `0.53`, or `53.0 %`.
  func format(_ value: Double) -> String { isShare ? "\(value.percent) %" : value.decimals(3) }
}
