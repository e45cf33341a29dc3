/// A block of floats that begins with a cache line. Vectors that straddle two lines take longer: up to half of a
/// transform's time, a twentieth of a frame's where it is only the tables.
///
/// Freed with the object. Not safe to share between threads.
final class AlignedFloats {
  let start: UnsafeMutablePointer<Float>

  /// Zeros.
  init(count: Int) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    start = memory.initializeMemory(as: Float.self, repeating: 0, count: count)
  }

  /// A copy.
  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    start.update(from: values, count: values.count)
  }

  deinit { start.deallocate() }
}
