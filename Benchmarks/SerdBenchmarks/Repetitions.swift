import Foundation

/// Times of many repetitions of the same work, in seconds.
struct Repetitions {
  /// Elapsed, in ascending order.
  private let elapsed: [Double]
  /// Processor time of one repetition, over all of them. On a machine with other work it is the one to compare.
  let processor: Double

  /// Runs `body` once to warm up, then `count` times.
  init(_ count: Int, _ body: () -> Void) {
    body()
    let start = Self.seconds(CLOCK_THREAD_CPUTIME_ID)
    elapsed = (0..<count).map { _ in
      let start = Self.seconds(CLOCK_MONOTONIC)
      body()
      return Self.seconds(CLOCK_MONOTONIC) - start
    }.sorted()
    processor = (Self.seconds(CLOCK_THREAD_CPUTIME_ID) - start) / Double(count)
  }

  private init(elapsed: [Double], processor: Double) {
    (self.elapsed, self.processor) = (elapsed.sorted(), processor)
  }

  /// Two works in turns, `count` times each, so that both meet the same neighbours; each is told its turn. Turns that
  /// start with 0 warm up. Processor time is that of both together.
  static func inTurns(
    _ count: Int, _ first: (Int) -> Void, _ second: (Int) -> Void
  ) -> (first: Repetitions, second: Repetitions) {
    var (times, others): ([Double], [Double]) = ([], [])
    let start = seconds(CLOCK_THREAD_CPUTIME_ID)
    for turn in 0...count {
      let before = seconds(CLOCK_MONOTONIC)
      first(turn)
      let between = seconds(CLOCK_MONOTONIC)
      second(turn)
      guard turn > 0 else { continue }
      times.append(between - before)
      others.append(seconds(CLOCK_MONOTONIC) - between)
    }
    let processor = (seconds(CLOCK_THREAD_CPUTIME_ID) - start) / Double(count)
    return (Repetitions(elapsed: times, processor: processor), Repetitions(elapsed: others, processor: processor))
  }

  var median: Double { elapsed[elapsed.count / 2] }
  /// Nine of ten repetitions took at most this long.
  var p90: Double { elapsed[elapsed.count * 9 / 10] }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// A row of a plain table: the first cell to the left, the others to the right in columns.
func row(_ name: String, _ cells: [String]) -> String {
  "  " + name.padding(toLength: 24, withPad: " ", startingAt: 0)
    + cells.map { String(repeating: " ", count: max(1, 16 - $0.count)) + $0 }.joined()
}

func decimals(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
