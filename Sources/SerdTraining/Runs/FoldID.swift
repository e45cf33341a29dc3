/// One training of a cross-validation: which fold, with which seed.
package struct FoldID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The training's seed.
  package let seed: UInt64
  /// The fold's name.
  package let fold: String

  /// A fold with a seed.
  package init(seed: UInt64, fold: String) {
    self.seed = seed
    self.fold = fold
  }

  /// What messages call it.
  package var description: String { "seed \(seed) fold \(fold)" }

  /// By seed, then by name.
  package static func < (one: FoldID, other: FoldID) -> Bool { (one.seed, one.fold) < (other.seed, other.fold) }
}
