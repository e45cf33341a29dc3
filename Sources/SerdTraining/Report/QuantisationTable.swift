import SerdConsole

extension QuantisationComparison {
  /// A paired table: UA of every form per fold, and the differences from float with their intervals over speakers.
  package static func markdown(_ comparisons: [QuantisationComparison], of record: RunRecord) -> String {
    let forms = Form.allCases
    let classes = record.labels.count
    let text =
      record.experiment.heading
      + "UA in %, the same test recordings for all forms; QAT, and float to compare it with, had "
      + "\(comparisons.first?.epochs ?? 0) epochs more.\n\n"
    var table = MarkdownTable(["fold", "seed"] + forms.map(\.title))
    for comparison in comparisons {
      table.add(
        [comparison.fold, "\(comparison.seed)"]
          + forms.map { (comparison.decisions[$0] ?? []).matrix(classes).unweightedAccuracy.percent })
    }
    func pooled(_ form: Form) -> [Decision] { comparisons.flatMap { $0.decisions[form] ?? [] } }
    table.add(["all", ""] + forms.map { pooled($0).matrix(classes).unweightedAccuracy.percent })
    for (base, compared) in [(Form.float, forms.filter { $0 != .float }), (.continued, [.trained])] {
      table.add(
        ["minus \(base.title) [95 %]", ""]
          + forms.map { form in
            compared.contains(form) ? difference(pooled(form), from: pooled(base), classes: classes).text : ""
          })
    }
    let float = pooled(.float)
    table.add(
      ["same decision as float", ""]
        + forms.map { form in
          let same = zip(pooled(form), float).count { $0.prediction == $1.prediction }
          return (Double(same) / Double(max(1, float.count))).percent
        })
    return text + table.text + record.note
  }

  /// The difference in UA, speakers drawn for both at once.
  static func difference(_ one: [Decision], from other: [Decision], classes: Int) -> Interval {
    let marked = one.map { (isOne: true, decision: $0) } + other.map { (isOne: false, decision: $0) }
    func matrix(_ items: [(isOne: Bool, decision: Decision)], _ isOne: Bool) -> ConfusionMatrix {
      items.filter { $0.isOne == isOne }.map { $0.decision }.matrix(classes)
    }
    return Interval(
      speakers: marked.map { $0.decision.speaker }, items: marked,
      count: { [matrix($0, true), matrix($0, false)] },
      sum: { parts in
        [0, 1].map { side in ConfusionMatrix(classes: classes, sumOf: parts.map { $0[side] }) }
      },
      measure: { $0[0].unweightedAccuracy - $0[1].unweightedAccuracy })
  }
}
