import Foundation

/// Programs timed against each other: they take turns, some repetitions each, so that whatever the machine does meets
/// all of them.
struct Contest {
  /// One program.
  struct Contender {
    let name: String
    /// What is timed once per repetition.
    let body: () -> Void
  }

  /// Seconds of one contender's repetitions.
  struct Times {
    let name: String
    /// Processor time of this thread; the one to compare on a machine with other work.
    let median: Double
    /// Elapsed time of the fastest repetition.
    let fastest: Double
  }

  /// Runs `turns` turns of `repetitions` timed repetitions each, after two that are not timed: they bring weights and
  /// buffers back into the caches.
  static func run(_ contenders: [Contender], turns: Int, repetitions: Int) -> [Times] {
    var processor = contenders.map { _ in [Double]() }
    var elapsed = contenders.map { _ in Double.infinity }
    for _ in 0..<turns {
      for (index, contender) in contenders.enumerated() {
        contender.body()
        contender.body()
        for _ in 0..<repetitions {
          let (start, busy) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_THREAD_CPUTIME_ID))
          contender.body()
          processor[index].append(seconds(CLOCK_THREAD_CPUTIME_ID) - busy)
          elapsed[index] = min(elapsed[index], seconds(CLOCK_MONOTONIC) - start)
        }
      }
    }
    return contenders.indices.map {
      let sorted = processor[$0].sorted()
      return Times(name: contenders[$0].name, median: sorted[sorted.count / 2], fastest: elapsed[$0])
    }
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
