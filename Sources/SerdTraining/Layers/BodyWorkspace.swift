/// Scratch memory of one worker for the body.
final class BodyWorkspace {
  /// Pixels per matrix product, about: more fills the product better, fewer keeps the expansion in the cache.
  static let pixels = 1280
  let expansion = Buffer<Float>()
  let rows = Buffer<Float>()
  let sums = Buffer<Float>()
}
