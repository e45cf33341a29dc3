import Synchronization

/// How much of a run is done, for the time left.
///
/// The pace is that since the end of the first epoch: what comes before it, such as computing features, comes once. It counts this process
/// alone, so with others in the same run folder the time left is an upper bound.
package final class RunProgress: Sendable {
  private let total: Int
  private let jobs: Int
  private let done = Mutex<(epochs: Int, firstEnd: ContinuousClock.Instant)>((0, .now))

  /// Nothing done yet of `folds` trainings of `epochs` each, `jobs` of them at a time.
  package init(folds: Int, epochs: Int, jobs: Int) {
    total = folds * epochs
    self.jobs = max(1, jobs)
  }

  /// Counts an epoch that took `duration` and has just ended; returns the time that the rest will take at this pace.
  package func timeLeft(afterEpochOf duration: Duration, now: ContinuousClock.Instant = .now) -> Duration {
    done.withLock { done in
      if done.epochs == 0 { done.firstEnd = now }
      done.epochs += 1
      let rest = max(0, total - done.epochs)
      guard done.epochs > 1 else { return duration * rest / jobs }
      return (now - done.firstEnd) * rest / (done.epochs - 1)
    }
  }
}

/// `2 h 5 min` or `12 min 30 s`.
func hoursAndMinutes(_ duration: Duration) -> String {
  let seconds = duration.components.seconds
  return seconds >= 3600 ? "\(seconds / 3600) h \(seconds % 3600 / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
}
