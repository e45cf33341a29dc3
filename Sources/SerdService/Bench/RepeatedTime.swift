import Glibc

/// How long a piece of work takes, from many repetitions on this thread. Elapsed time: what else runs on the machine is in it, so
/// the median is the figure to read, and a 90th percentile far above it says that the machine was busy.
public struct RepeatedTime: Sendable {
  /// In seconds, of one repetition.
  public let median: Double
  /// Nine of ten repetitions took at most this long, in seconds.
  public let p90: Double
  /// Work that takes less than this is timed in groups, since reading the clock takes time, too.
  private static let shortestTimed = 20e-6

  /// Repeats `work` for about `budget` seconds, but at least `atLeast` times, after a first time that does not count.
  public init(budget: Double, atLeast: Int = 5, _ work: () -> Void) {
    work()
    var groupSize = 1
    while groupSize < 1 << 20, Self.time(groupSize, work) < Self.shortestTimed { groupSize *= 2 }
    var times: [Double] = []
    let start = Self.now()
    while times.count < atLeast || Self.now() - start < budget {
      times.append(Self.time(groupSize, work) / Double(groupSize))
    }
    times.sort()
    median = times[times.count / 2]
    p90 = times[times.count * 9 / 10]
  }

  private static func time(_ count: Int, _ work: () -> Void) -> Double {
    let start = now()
    for _ in 0..<count { work() }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
