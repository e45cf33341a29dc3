/// What follows the vectors that a model's encoder makes of windows (`FollowedSpeaker`).
package protocol VectorFollower: AnyObject {
  /// Hears the vector of the next window, and returns means, then reciprocal deviations; valid until the next call.
  /// Allocates nothing.
  func hear(_ vector: UnsafePointer<Float>) -> UnsafePointer<Float>
}
