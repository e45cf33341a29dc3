/// Zeroed memory that grows and never shrinks, so that training allocates nothing after its first step.
///
/// Not an array: no bounds, no copies, no value semantics. It exists so that several threads can write disjoint parts
/// of one block without exclusivity checks in the inner loops; everything outside this target's layers uses arrays.
package final class Buffer<Element: BitwiseCopyable & Numeric> {
  package private(set) var base: UnsafeMutablePointer<Element>
  package private(set) var count: Int

  package init(_ count: Int = 0) {
    self.count = count
    base = Self.zeroed(count)
  }

  /// Aligned to the cache's lines: a register's width that straddles two of them costs twice the time.
  private static func zeroed(_ count: Int) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    return memory.initializeMemory(as: Element.self, repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  /// Makes room for `count` elements. When it has to grow, the contents become zero.
  package func reserve(_ count: Int) {
    guard count > self.count else { return }
    base.deallocate()
    base = Self.zeroed(count)
    self.count = count
  }

  /// Sets everything to zero.
  package func clear() { base.update(repeating: 0, count: count) }

  /// A copy of a range of elements.
  package func array(_ range: Range<Int>) -> [Element] {
    precondition(range.upperBound <= count, "elements \(range) of a buffer of \(count)")
    return Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}
