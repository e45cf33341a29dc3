import Glibc
import Synchronization

/// Hands values to one thread that waits in poll(2). Whoever posts never waits for that thread: a full box refuses, and counts.
final class Mailbox<Element: Sendable>: Sendable {
  /// What was in the box.
  struct Delivery {
    var elements: [Element] = []
    /// How many were refused since the last delivery, because the box was full.
    var refused = 0
    var isClosed = false
  }

  private let content = Mutex(Delivery())
  private let capacity: Int
  /// Both ends of a pipe: it is readable while the box is not empty.
  private let ends: (read: Int32, write: Int32)

  /// A box for so many values.
  init(capacity: Int) throws(Errno) {
    self.capacity = capacity
    var ends: [Int32] = [-1, -1]
    try retrying { pipe(&ends) }
    self.ends = (ends[0], ends[1])
    for end in ends { try Descriptors.prepare(end) }
  }

  deinit {
    close(ends.read)
    close(ends.write)
  }

  /// To wait for, readable.
  var descriptor: Int32 { ends.read }

  /// Puts a value in, unless the box is full or closed. For what matters more there is room for twice as many.
  func post(_ element: Element, matters: Bool) {
    let capacity = matters ? 2 * capacity : capacity
    let wake = content.withLock { content in
      guard !content.isClosed else { return false }
      guard content.elements.count < capacity else {
        content.refused += 1
        return false
      }
      content.elements.append(element)
      return content.elements.count == 1
    }
    if wake { ring() }
  }

  /// The last message: nothing can be posted any more.
  func seal() {
    content.withLock { $0.isClosed = true }
    ring()
  }

  /// Everything that was posted, in order.
  func take() -> Delivery {
    var bytes = [UInt8](repeating: 0, count: 64)
    _ = read(ends.read, &bytes, bytes.count)
    return content.withLock { content in
      defer { content = Delivery(isClosed: content.isClosed) }
      return content
    }
  }

  /// A full pipe is awake already.
  private func ring() {
    var byte: UInt8 = 1
    _ = write(ends.write, &byte, 1)
  }
}
