import SerdConsole
import SerdCorpora
import SerdTraining

/// The features of a corpus, from the cache if it has them.
func computedFeatures(of corpus: Corpus, recipe: Recipe) throws -> FeatureSet {
  let start = ContinuousClock.now
  let cache = FeatureCache.standard
  let features = try advising(", or use --leave-out-unreadable", of: .badData) {
    try FeatureSet(of: corpus, settings: recipe.features, cache: cache)
  }
  if let problem = features.cacheProblem { Output.say("\(problem)") }
  let seconds = Int((ContinuousClock.now - start) / .seconds(1))
  let source = features.isFromCache ? "from \(cache!.folder), " : ""
  Output.say("features of \(features.versions) versions and of what serd hears: \(source)\(seconds) s")
  return features
}

/// Refuses numbers of things at the same time that are none.
func check(jobs: Int? = nil, threads: Int? = nil) throws(CommandError) {
  for (count, name) in [(jobs, "jobs"), (threads, "threads")] {
    guard let count, count < 1 else { continue }
    throw CommandError(.usage, "\(count) \(name) do nothing", advice: "use 1 or more")
  }
}
