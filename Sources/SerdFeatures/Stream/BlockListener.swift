/// What else hears the samples of a `FeatureStream`: another front end.
package protocol BlockListener: AnyObject {
  /// Takes the next `count` samples; they are valid during the call. Allocates nothing.
  func hear(_ block: UnsafePointer<Float>, count: Int)
}
