import Glibc

/// A block of memory that starts at a cache line, filled with zeros, for as long as this object lives.
package final class AlignedMemory {
  /// First byte; a multiple of `alignment`.
  package let start: UnsafeMutableRawPointer
  /// Size.
  package let byteCount: Int
  /// A cache line, and the widest vector.
  package static let alignment = 64

  /// Allocates `byteCount` bytes.
  package init(byteCount: Int) {
    self.byteCount = byteCount
    start = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
    start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// A copy of `values`.
  package convenience init<Value: BitwiseCopyable>(_ values: [Value]) {
    self.init(byteCount: values.count * MemoryLayout<Value>.stride)
    values.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: $0.count) }
  }

  /// The block as values.
  package func values<Value>(_: Value.Type) -> UnsafeMutablePointer<Value> { start.assumingMemoryBound(to: Value.self) }

  /// `byteCount` rounded up to whole cache lines.
  package static func aligned(_ byteCount: Int) -> Int { (byteCount + alignment - 1) / alignment * alignment }

  deinit { start.deallocate() }
}
