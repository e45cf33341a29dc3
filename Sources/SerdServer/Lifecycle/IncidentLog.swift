import SerdSystem

/// The service's log for what can happen again and again. Lines of a kind that repeats are summed up, a line a minute:
/// a microphone that fails for days fills no SD card.
struct IncidentLog {
  /// What is counted together.
  enum Kind: Int, CaseIterable {
    case listening, waiting, overrun, deviceLost, signal, mute, speaker, metrics

    /// How many lines are written one by one. Somebody who plugs a microphone in and out wants to read each change.
    var burst: Int {
      switch self {
      case .overrun, .speaker, .metrics: 1
      case .listening, .waiting, .deviceLost, .signal, .mute: 5
      }
    }
  }

  /// A line as it would be written.
  private struct Line {
    var priority = ServiceLog.Priority.info
    var text = ""
  }

  private let log: ServiceLog
  private var repetitions = Kind.allCases.map { Repetition(burst: $0.burst) }
  /// The latest of each kind.
  private var latest = Kind.allCases.map { _ in Line() }

  init(log: ServiceLog) { self.log = log }

  /// Writes a line, or counts it. `seconds` are summed up.
  mutating func write(_ kind: Kind, _ priority: ServiceLog.Priority, _ text: String, seconds: Double = 0, at now: Int64)
  {
    latest[kind.rawValue] = Line(priority: priority, text: text)
    if repetitions[kind.rawValue].isToBeTold(amount: seconds, at: now) { log.write(priority, text) }
  }

  /// Writes the sums that are due. Cost: a comparison per kind while there are none.
  mutating func keepTime(at now: Int64) {
    for kind in repetitions.indices where repetitions[kind].end.map({ $0 <= now }) == true {
      if let sum = repetitions[kind].due(at: now) { write(sum, of: latest[kind]) }
    }
  }

  /// Writes what was counted so far: the last lines of a service.
  func finish() {
    for (repetition, line) in zip(repetitions, latest) {
      if let sum = repetition.rest() { write(sum, of: line) }
    }
  }

  private func write(_ sum: Repetition.Sum, of line: Line) {
    let times = sum.count == 1 ? "once more" : "\(sum.count) times more"
    let seconds = sum.amount > 0 ? ", \((sum.amount * 10).rounded() / 10) s in all" : ""
    log.write(line.priority, "\(times) within a minute\(seconds); the latest: \(line.text)")
  }
}
