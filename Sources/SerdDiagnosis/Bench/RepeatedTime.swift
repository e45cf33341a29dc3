import Glibc

/// How long a piece of work takes, from many repetitions on this thread. Processor time: what else runs on the machine
/// only shows in colder caches and a slower clock.
package struct RepeatedTime: Sendable {
  /// In seconds, of one repetition.
  package let median: Double
  /// Nine of ten repetitions took at most this long, in seconds.
  package let p90: Double
  /// The fastest repetition, in seconds.
  package let minimum: Double
  /// Work that takes less than this is timed in groups: reading this clock takes about a microsecond on a slow machine.
  private static let shortestTimed = 100e-6

  /// Repeats `work` for about `budget` seconds of processor time, but at least `atLeast` times, after a first time that
  /// does not count.
  package init(budget: Double, atLeast: Int = 5, _ work: () -> Void) {
    work()
    var groupSize = 1
    while groupSize < 1 << 20, Self.time(groupSize, work) < Self.shortestTimed { groupSize *= 2 }
    var times: [Double] = []
    let start = Self.now()
    while times.count < atLeast || Self.now() - start < budget {
      times.append(Self.time(groupSize, work) / Double(groupSize))
    }
    times.sort()
    minimum = times[0]
    median = times[times.count / 2]
    p90 = times[times.count * 9 / 10]
  }

  /// Times from elsewhere.
  package init(minimum: Double, median: Double, p90: Double) {
    self.minimum = minimum
    self.median = median
    self.p90 = p90
  }

  private static func time(_ count: Int, _ work: () -> Void) -> Double {
    let start = now()
    for _ in 0..<count { work() }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
