import Synchronization

/// A queue of fixed capacity between two threads: one writes, one reads, neither ever waits or allocates.
///
/// The two ends share two counters. A counter is advanced by its own side only, after the elements are in place
/// (release), and read by the other side before it touches them (acquire).
///
/// Not for several writers or several readers, and it does not wake anybody: `WakeUp` does.
///
/// Unchecked, because the storage is a pointer; it is safe as long as there is one thread at each end: the writer
/// touches only slots that the reader has left, and the reverse.
package final class RingBuffer<Element: Sendable>: @unchecked Sendable {
  private let handle: UnsafeHandle
  /// How many elements were ever written, and read.
  private let written = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

  /// An empty queue for at least `capacity` elements (the next power of two).
  package init(capacity: Int) {
    precondition(capacity > 0, "a ring of \(capacity) elements")
    handle = UnsafeHandle(capacity: capacity)
  }

  deinit {
    handle.deinitialize(from: taken.load(ordering: .acquiring), to: written.load(ordering: .acquiring))
    handle.deallocate()
  }

  /// Elements that it can hold.
  package var capacity: Int { handle.capacity }

  /// Room for the writer; the reader may make more at any time. Writer's thread only.
  package var room: Int { capacity - (written.load(ordering: .relaxed) - taken.load(ordering: .acquiring)) }

  /// Elements for the reader; the writer may add more at any time. Reader's thread only.
  package var count: Int { written.load(ordering: .acquiring) - taken.load(ordering: .relaxed) }

  /// Adds elements as far as there is room; returns how many, from the start of `elements`. Writer's thread only.
  package func write(_ elements: UnsafeBufferPointer<Element>) -> Int {
    let count = min(elements.count, room)
    let position = written.load(ordering: .relaxed)
    handle.initialize(at: position, from: UnsafeBufferPointer(rebasing: elements[..<count]))
    written.store(position + count, ordering: .releasing)
    return count
  }

  /// Adds one element; returns false if there is no room. Writer's thread only.
  package func write(_ element: Element) -> Bool {
    withUnsafePointer(to: element) { write(UnsafeBufferPointer(start: $0, count: 1)) } == 1
  }

  /// Takes out elements as far as there are any; returns how many are now at the start of `target`, whose memory there
  /// must be uninitialised or trivial. Reader's thread only.
  package func read(into target: UnsafeMutableBufferPointer<Element>) -> Int {
    let count = min(target.count, self.count)
    let position = taken.load(ordering: .relaxed)
    handle.move(from: position, into: UnsafeMutableBufferPointer(rebasing: target[..<count]))
    taken.store(position + count, ordering: .releasing)
    return count
  }

  /// Takes out one element; nil if there is none. Reader's thread only.
  package func read() -> Element? {
    guard count > 0 else { return nil }
    let position = taken.load(ordering: .relaxed)
    let element = handle.move(from: position)
    taken.store(position + 1, ordering: .releasing)
    return element
  }
}
