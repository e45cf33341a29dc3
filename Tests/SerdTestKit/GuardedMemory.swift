import Glibc

/// Memory between two pages that nobody may touch: a kernel that leaves its buffer ends the test run with a signal.
package final class GuardedMemory {
  /// Which end of the memory touches a forbidden page to the byte. (At the other, alignment may leave a gap.)
  package enum End: CaseIterable { case first, last }

  /// First byte.
  package let start: UnsafeMutableRawPointer
  /// Size.
  package let byteCount: Int
  private let mapping: UnsafeMutableRawPointer
  private let mappedCount: Int

  /// `byteCount` bytes of `fill`.
  package init(byteCount: Int, alignment: Int = 1, touching end: End, fill: UInt8 = 0x55) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let inner = (byteCount + page - 1) / page * page
    mappedCount = inner + 2 * page
    mapping = mmap(nil, mappedCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(mapping != MAP_FAILED, "no memory for a test")
    precondition(mprotect(mapping + page, inner, PROT_READ | PROT_WRITE) == 0, "a test's memory cannot be opened")
    start = mapping + page + (end == .first ? 0 : (inner - byteCount) / alignment * alignment)
    self.byteCount = byteCount
    start.initializeMemory(as: UInt8.self, repeating: fill, count: byteCount)
  }

  deinit { munmap(mapping, mappedCount) }
}
