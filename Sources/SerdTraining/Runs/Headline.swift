import SerdCorpora

extension Experiment {
  /// The results that a run's figures are of: all, but under `cross-N` those of the models of all corpora.
  func headline(_ results: [FoldResult]) -> [FoldResult] {
    guard case .cross? = evaluation else { return results }
    let tested = Set(results.flatMap(\.int8).compactMap(\.corpus))
    return results.filter { Set($0.trainedOn ?? []) == tested }
  }

  /// The folds that a run's figures are of, as for results.
  func headline(_ folds: [Fold], of corpus: Corpus) -> [Fold] {
    guard case .cross? = evaluation else { return folds }
    return folds.filter { $0.trainedOn == corpus.parts }
  }
}
