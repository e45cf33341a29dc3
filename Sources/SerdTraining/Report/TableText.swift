import SerdConsole

extension Interval {
  /// `80.1 [77.1, 83.1]`, in percent.
  var text: String { "\(value.percent) [\(low.percent), \(high.percent)]" }
}

extension Experiment {
  /// What tables of this experiment begin with: its protocol, with what a reader must know of it, its corpus and
  /// recipe.
  var heading: String {
    let known = caveat.isEmpty ? "" : "Protocol \(testedBy.name): \(caveat).\n\n"
    return known + "\(corpus), \(printedProtocol), recipe `\(recipe.name)`, \(recipe.epochs) epochs.\n\n"
  }
}

extension RunRecord {
  /// A line for below a table of a run that is not done; empty if nothing is missing.
  static func note(_ unfinished: [String]) -> String {
    unfinished.isEmpty ? "" : "\nNot done, and not in these figures: \(unfinished.joined(separator: ", ")).\n"
  }

  /// Below a table of this run.
  var note: String { Self.note(unfinished) }
}
