import Dispatch

/// The split of a batch into a fixed number of groups of neighbouring images, and the threads that work on them.
///
/// Every sum over a batch is taken per group and then over the groups in order. The number of groups does not depend on
/// the number of threads, so neither do the results, to the bit.
package struct ImageGroups {
  /// Groups per batch: enough for four cores, few enough that each still fills the matrix products.
  package static let count = 4

  /// Images in the batch.
  package let images: Int
  /// Threads to use, at most one per group.
  package let threads: Int

  package init(images: Int, threads: Int) {
    self.images = images
    self.threads = max(1, min(threads, Self.count))
  }

  /// The images of a group. Sizes differ by at most one; a small batch leaves groups empty.
  package func images(of group: Int) -> Range<Int> {
    images * group / Self.count..<images * (group + 1) / Self.count
  }

  /// Most images in one group.
  package var largest: Int { (images + Self.count - 1) / Self.count }

  /// Calls `work(group, images, worker)` for every group that has images and returns when all are done.
  ///
  /// Calls with different `worker` (0..<threads) run at the same time; with the same, one after the other. So `work`
  /// may write what belongs to its group or to its worker, and nothing else.
  ///
  /// It does not escape; it is marked so because withoutActuallyEscaping leaves the length of this file's path in the
  /// program, and packages would differ from folder to folder.
  package func forEach(_ work: @escaping (_ group: Int, _ images: Range<Int>, _ worker: Int) -> Void) {
    guard threads > 1 else { return run(0, work) }
    // Safe to share: concurrentPerform returns after the last call, and by the contract above the calls of different
    // workers write different memory.
    nonisolated(unsafe) let work = work
    DispatchQueue.concurrentPerform(iterations: threads) { run($0, work) }
  }

  private func run(_ worker: Int, _ work: (Int, Range<Int>, Int) -> Void) {
    for group in stride(from: worker, to: Self.count, by: threads) where !images(of: group).isEmpty {
      work(group, images(of: group), worker)
    }
  }
}
