import Synchronization

/// How much of a run is done, for the time left.
///
/// The pace is that since the end of the first epoch: what comes before it, such as computing features, comes once. It
/// counts this process alone, so with others in the same run folder the time left is an upper bound.
package final class RunProgress: Sendable {
  private let jobs: Int
  private let state: Mutex<(total: Int, epochs: Int, firstEnd: ContinuousClock.Instant)>

  /// Nothing done yet of `folds` trainings of `epochs` each, `jobs` of them at a time.
  package init(folds: Int, epochs: Int, jobs: Int) {
    self.jobs = max(1, min(jobs, folds))
    state = Mutex((total: folds * epochs, epochs: 0, firstEnd: .now))
  }

  /// Takes epochs off that were trained before this process began.
  package func skip(epochs: Int) { state.withLock { $0.total -= epochs } }

  /// Counts an epoch that took `duration` and has just ended; returns the time that the rest will take at this pace.
  package func timeLeft(afterEpochOf duration: Duration, now: ContinuousClock.Instant = .now) -> Duration {
    state.withLock { state in
      if state.epochs == 0 { state.firstEnd = now }
      state.epochs += 1
      let rest = max(0, state.total - state.epochs)
      guard state.epochs > 1 else { return duration * rest / jobs }
      return (now - state.firstEnd) * rest / (state.epochs - 1)
    }
  }
}

/// `2 h 5 min` or `12 min 30 s`.
package func hoursAndMinutes(_ duration: Duration) -> String {
  let seconds = duration.components.seconds
  return seconds >= 3600 ? "\(seconds / 3600) h \(seconds % 3600 / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
}
