import SerdSystem

/// Why a corpus cannot be used.
package typealias CorpusError = Explained<Corpus>

extension Explained where Subject == Corpus {
  /// It is there, and is no sound corpus.
  init(at place: String? = nil, _ problem: String, advice: String) {
    self.init(.badData, at: place, problem, advice: advice)
  }
}
