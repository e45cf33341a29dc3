/// Scratch memory of one worker for the body.
package final class BodyWorkspace {
  /// What a convolution makes of its input, and of its output.
  package let points = Buffer<Float>()
  package let otherPoints = Buffer<Float>()
  /// The gradient of its weights, in its own form.
  package let weightPoints = Buffer<Float>()
  package init() {}
}
