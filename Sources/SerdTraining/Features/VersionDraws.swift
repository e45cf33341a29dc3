import SerdLearning

/// Where what is random in an augmented version comes from: the clip's own draws, and those of the room that it is in.
///
/// A model that follows its speaker hears one room at a time. For it, all recordings of a speaker have the same room in
/// the same version, as if they had been made one after the other; for others every recording has its own.
package struct VersionDraws {
  /// Position, noise: the clip's own.
  package var clip: SeededGenerator
  /// What the recordings of a speaker share; nil if nothing.
  private var shared: SeededGenerator?

  /// - Parameter shared: the room's draws; nil to draw the room from `clip`, too.
  package init(clip: SeededGenerator, shared: SeededGenerator? = nil) {
    self.clip = clip
    self.shared = shared
  }

  /// Draws something of the room.
  mutating func room<Value>(_ draw: (inout SeededGenerator) -> Value) -> Value {
    guard var generator = shared else { return draw(&clip) }
    defer { shared = generator }
    return draw(&generator)
  }

  /// Whether something that a share of the rooms has is in this one.
  mutating func isRoom(_ share: Double) -> Bool { room { Double($0.uniform()) < share } }
}
