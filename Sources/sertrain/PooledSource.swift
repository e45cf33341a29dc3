import SerdConsole
import SerdCorpora
import SerdEncoder
import SerdNetwork
import SerdTraining

/// The encoder that `--encoder` names, and what it makes of a corpus, from the cache if it is there.
func pooled(
  _ corpus: Corpus, by head: HeadRecipe, recipe: Recipe, encoder path: String
) throws -> (data: PooledData, encoder: QuantisedEncoder) {
  let start = ContinuousClock.now
  let encoder = try head.quantisedEncoder(file: path)
  let cache = try FeatureCache.standard()
  let progress = FeatureProgress(recordings: corpus.recordings.count)
  let features = try advising(", or use --leave-out-unreadable", of: .badData) {
    try PooledFeatures(
      of: corpus, encoder: encoder,
      settings: head.pooling(frontEnd: recipe.frontEnd, windowFrames: recipe.windowFrames),
      cache: cache
    ) { progress.tell(done: $0) }
  }
  let seconds = Int((ContinuousClock.now - start) / .seconds(1))
  let source = features.isFromCache ? "from \(cache!.folder), " : ""
  Output.say("encoder features of \(features.versions) versions: \(source)\(seconds) s")
  return (PooledData(corpus: corpus, features: features, shape: encoder.shape, blocks: head.blocks), encoder)
}
