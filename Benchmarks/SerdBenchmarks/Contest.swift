import Foundation

/// Programs timed against each other: they take turns, a few repetitions each, so that whatever the machine does meets all of them.
struct Contest {
  /// One program.
  struct Contender {
    let name: String
    /// What is timed once per repetition.
    let body: () -> Void
  }

  /// Elapsed seconds of one contender's repetitions, in ascending order.
  struct Times {
    let name: String
    let sorted: [Double]
    var minimum: Double { sorted[0] }
    var median: Double { sorted[sorted.count / 2] }
  }

  /// Runs `turns` turns of `repetitions` timed repetitions each, after two that are not timed: they bring weights and buffers
  /// back into the caches.
  static func run(_ contenders: [Contender], turns: Int, repetitions: Int) -> [Times] {
    var times = contenders.map { _ in [Double]() }
    for _ in 0..<turns {
      for (index, contender) in contenders.enumerated() {
        contender.body()
        contender.body()
        for _ in 0..<repetitions {
          let start = seconds()
          contender.body()
          times[index].append(seconds() - start)
        }
      }
    }
    return zip(contenders, times).map { Times(name: $0.name, sorted: $1.sorted()) }
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
