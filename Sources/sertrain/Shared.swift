import SerdConsole
import SerdCorpora
import SerdTraining
import Synchronization

/// The features of a corpus, from the cache if it has them.
func computedFeatures(of corpus: Corpus, recipe: Recipe) throws -> FeatureSet {
  let start = ContinuousClock.now
  let cache = try FeatureCache.standard()
  let progress = FeatureProgress(recordings: corpus.recordings.count)
  let features = try advising(", or use --leave-out-unreadable", of: .badData) {
    try FeatureSet(of: corpus, settings: recipe.features, cache: cache) { progress.tell(done: $0) }
  }
  if let problem = features.cacheProblem { Output.say("\(problem)") }
  let seconds = Int((ContinuousClock.now - start) / .seconds(1))
  let source = features.isFromCache ? "from \(cache!.folder), " : ""
  Output.say("features of \(features.versions) versions and of what serd hears: \(source)\(seconds) s")
  return features
}

/// Tells how far the features are, twice a minute.
final class FeatureProgress: Sendable {
  private let recordings: Int
  private let start = ContinuousClock.now
  private let toldAt = Mutex(ContinuousClock.now)

  init(recordings: Int) { self.recordings = recordings }

  func tell(done: Int) {
    let now = ContinuousClock.now
    let isDue = toldAt.withLock { toldAt in
      guard now - toldAt >= .seconds(30), done < recordings else { return false }
      toldAt = now
      return true
    }
    guard isDue else { return }
    let left = (now - start) * (recordings - done) / done
    Output.say("features of \(done) of \(recordings) recordings, \(hoursAndMinutes(left)) left")
  }
}

/// Refuses numbers of things at the same time that are none.
func check(jobs: Int? = nil, threads: Int? = nil) throws(CommandError) {
  for (count, name) in [(jobs, "jobs"), (threads, "threads")] {
    guard let count, count < 1 else { continue }
    throw CommandError(.usage, "\(count) \(name) do nothing", advice: "use 1 or more")
  }
}
