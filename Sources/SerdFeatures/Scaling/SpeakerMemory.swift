/// What a model that follows its speaker has heard of them, from stream to stream.
package protocol SpeakerMemory: AnyObject {
  /// Hears the last `newest` frames of a window with speech, and returns the window with what is then known. What it
  /// points to is valid until the next call. Allocates nothing.
  func hear(_ window: FeatureWindow, newest: Int) -> FeatureWindow

  /// Frames or windows that were heard, less what was forgotten.
  var heard: Double { get }

  /// All that is known, to be kept over a restart.
  var record: SpeakerRecord { get }

  /// Goes on with what was kept; with `SpeakerRecord.nothing` it begins anew. False if it is of another model.
  func restore(_ record: SpeakerRecord) -> Bool
}

/// Sums over the speech of somebody: no sound, and nothing that sound could be made of.
package struct SpeakerRecord: Codable, Equatable, Sendable {
  /// Frames or windows that were heard, less what was forgotten.
  package var count: Double
  /// One per value that is standardised.
  package var sums: [Double]
  /// Of the squares.
  package var squares: [Double]

  package init(count: Double, sums: [Double], squares: [Double]) {
    (self.count, self.sums, self.squares) = (count, sums, squares)
  }

  /// Of nobody.
  package static let nothing = SpeakerRecord(count: 0, sums: [], squares: [])

  /// Counting only a share of what was heard.
  package func faded(to share: Double) -> SpeakerRecord {
    SpeakerRecord(count: count * share, sums: sums.map { $0 * share }, squares: squares.map { $0 * share })
  }

  /// Whether it can be of a model that standardises so many values.
  func fits(width: Int) -> Bool {
    count.isFinite && count >= 0 && sums.count == width && squares.count == width
      && (sums + squares).allSatisfy(\.isFinite)
  }
}
