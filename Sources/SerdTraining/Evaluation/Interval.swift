import SerdLearning

/// A measure with its 95 % interval by bootstrap over speakers: speakers are drawn with replacement, all of a speaker's
/// decisions with them, because decisions on one voice are not independent (Efron and Tibshirani 1993, percentile
/// method).
package struct Interval: Codable, Equatable, Sendable {
  /// The measure of all decisions.
  package let value: Double
  /// 2.5th percentile over resamples.
  package let low: Double
  /// 97.5th percentile over resamples.
  package let high: Double

  /// `measure` of all decisions, and its 2.5th and 97.5th percentile over resamples of the speakers.
  ///
  /// - Parameter decisions: one or more per recording, each with the speaker heard. Several seeds of a run are simply
  ///   more decisions of the same speaker.
  package init(
    decisions: [Decision], classes: Int, resamples: Int = 2000, seed: UInt64 = 1,
    measure: (ConfusionMatrix) -> Double
  ) {
    self.init(
      speakers: decisions.map(\.speaker), items: decisions, resamples: resamples, seed: seed,
      count: { $0.matrix(classes) },
      sum: { ConfusionMatrix(classes: classes, sumOf: $0) }, measure: measure)
  }

  /// The mean of several corpora's unweighted accuracies; speakers are drawn within each.
  init(meanUAOf corpora: [(decisions: [Decision], classes: Int)], resamples: Int = 2000, seed: UInt64 = 1) {
    let voices = corpora.map { corpus in
      Dictionary(grouping: corpus.decisions, by: \.speaker).sorted { $0.key < $1.key }
        .map { $0.value.matrix(corpus.classes) }
    }
    func mean(_ drawn: [[ConfusionMatrix]]) -> Double {
      zip(drawn, corpora).reduce(0) { sum, corpus in
        sum + ConfusionMatrix(classes: corpus.1.classes, sumOf: corpus.0).unweightedAccuracy
      } / Double(corpora.count)
    }
    var generator = SeededGenerator(seed: seed)
    let values = (0..<resamples).map { _ in
      mean(voices.map { voices in voices.map { _ in voices[Int.random(in: voices.indices, using: &generator)] } })
    }.sorted()
    self.init(value: mean(voices), sorted: values)
  }

  /// A measure and what came of it in resamples, in order.
  private init(value: Double, sorted values: [Double]) {
    self.value = value
    low = values.isEmpty ? value : values[values.count * 25 / 1000]
    high = values.isEmpty ? value : values[min(values.count - 1, values.count * 975 / 1000)]
  }

  /// As above for any measure that is made of counts which add up over speakers; `speakers` says whose each item is.
  init<Item, Counts>(
    speakers: [String], items: [Item], resamples: Int = 2000, seed: UInt64 = 1, count: ([Item]) -> Counts,
    sum: ([Counts]) -> Counts, measure: (Counts) -> Double
  ) {
    // Counted once per speaker: a resample then is a sum of a few counts, not a pass over all decisions.
    let bySpeaker = Dictionary(grouping: items.indices, by: { speakers[$0] }).sorted { $0.key < $1.key }
      .map { count($0.value.map { items[$0] }) }
    var generator = SeededGenerator(seed: seed)
    let values = (0..<resamples).map { _ in
      measure(sum(bySpeaker.indices.map { _ in bySpeaker[Int.random(in: bySpeaker.indices, using: &generator)] }))
    }.sorted()
    self.init(value: measure(sum(bySpeaker)), sorted: values)
  }
}
