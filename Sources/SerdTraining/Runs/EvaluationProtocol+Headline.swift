import SerdCorpora

extension EvaluationProtocol {
  /// The results that a run's figures are of: all, but under `cross-N` those of the models of all corpora.
  func headline(_ results: [FoldResult]) -> [FoldResult] {
    guard case .cross = self else { return results }
    let parts = CrossCorpus.parts(of: results.flatMap(\.int8).map(\.speaker).sorted())
    return results.filter { CrossCorpus.trained(on: $0.fold) == parts.joined(separator: " + ") }
  }

  /// The folds that a run's figures are of, as for results.
  func headline(_ folds: [Fold], of corpus: Corpus) -> [Fold] {
    guard case .cross = self else { return folds }
    return folds.filter { CrossCorpus.trained(on: $0.name) == corpus.parts.joined(separator: " + ") }
  }
}
