/// Keeps a log short: of incidents of one kind the first few are told, those of the minute after that are counted and
/// told as one. While they go on, that makes one line a minute; a minute without any begins anew.
///
/// A value without a clock: times are nanoseconds of whichever clock the caller has.
package struct Repetition: Equatable, Sendable {
  /// Incidents that were not told.
  package struct Sum: Equatable, Sendable {
    /// How many.
    package let count: Int
    /// The sum of their amounts.
    package let amount: Double

    /// A sum.
    package init(count: Int, amount: Double) {
      self.count = count
      self.amount = amount
    }
  }

  private enum State: Equatable {
    /// None within the last minute.
    case quiet
    /// Some; until the minute ends, `told` of them told and the others summed up.
    case counting(until: Int64, told: Int, count: Int, amount: Double)
  }

  private static let minute: Int64 = 60_000_000_000
  private let burst: Int
  private var state = State.quiet

  /// - Parameter burst: how many are told before they are counted.
  package init(burst: Int = 1) {
    precondition(burst > 0, "an incident that is never told")
    self.burst = burst
  }

  /// When `due` may have something to say; nil while there is nothing.
  package var end: Int64? {
    if case .counting(let end, _, _, _) = state { end } else { nil }
  }

  /// Notes an incident. Returns whether it is to be told; else it is counted, with its amount.
  package mutating func isToBeTold(amount: Double = 0, at now: Int64) -> Bool {
    switch state {
    case .quiet:
      state = .counting(until: now + Self.minute, told: 1, count: 0, amount: 0)
      return true
    case .counting(let end, let told, let count, let sum):
      let isTold = told < burst
      state =
        isTold
        ? .counting(until: end, told: told + 1, count: count, amount: sum)
        : .counting(until: end, told: told, count: count + 1, amount: sum + amount)
      return isTold
    }
  }

  /// What was counted, once its minute is over; nil before that, and if there was nothing.
  package mutating func due(at now: Int64) -> Sum? {
    guard case .counting(let end, _, _, _) = state, now >= end else { return nil }
    let sum = rest()
    state = sum == nil ? .quiet : .counting(until: now + Self.minute, told: burst, count: 0, amount: 0)
    return sum
  }

  /// What was counted so far, at the end of a program.
  package func rest() -> Sum? {
    guard case .counting(_, _, let count, let amount) = state, count > 0 else { return nil }
    return Sum(count: count, amount: amount)
  }
}
