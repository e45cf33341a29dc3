extension QuantisationComparison {
  /// A paired table: UA of every form per fold, and the differences from float with their intervals over speakers.
  package static func markdown(_ comparisons: [QuantisationComparison], of record: RunRecord) -> String {
    let forms = Form.allCases
    let classes = record.labels.count
    var text =
      record.experiment.heading
      + "UA in %, the same test recordings for all forms; QAT, and float to compare it with, had "
      + "\(comparisons.first?.epochs ?? 0) epochs more.\n\n"
    text +=
      "| fold | seed | \(forms.map(\.title).joined(separator: " | ")) |\n|---|---|\(String(repeating: "---|", count: forms.count))\n"
    for comparison in comparisons {
      let cells = forms.map { percent((comparison.decisions[$0] ?? []).matrix(classes).unweightedAccuracy) }
      text += "| \(comparison.fold) | \(comparison.seed) | \(cells.joined(separator: " | ")) |\n"
    }
    func pooled(_ form: Form) -> [Decision] { comparisons.flatMap { $0.decisions[form] ?? [] } }
    let all = forms.map { percent(pooled($0).matrix(classes).unweightedAccuracy) }
    text += "| all | | \(all.joined(separator: " | ")) |\n"
    for (base, compared) in [(Form.float, forms.filter { $0 != .float }), (.continued, [.trained])] {
      let differences = forms.map { form in
        compared.contains(form) ? difference(pooled(form), from: pooled(base), classes: classes).text : ""
      }
      text += "| minus \(base.title) [95 %] | | \(differences.joined(separator: " | ")) |\n"
    }
    let same = forms.map { form in
      let pairs = zip(pooled(form), pooled(.float))
      return percent(Double(pairs.count { $0.prediction == $1.prediction }) / Double(max(1, pooled(.float).count)))
    }
    return text + "| same decision as float | | \(same.joined(separator: " | ")) |\n" + record.note
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
