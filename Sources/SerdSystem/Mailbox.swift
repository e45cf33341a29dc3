import Synchronization

/// Hands values to one thread that waits in poll(2). Whoever posts never waits for that thread: a full box refuses, and
/// counts.
package final class Mailbox<Element: Sendable>: Sendable {
  /// What was in the box.
  package struct Delivery: Sendable {
    package var elements: [Element] = []
    /// How many were refused since the last delivery, because the box was full.
    package var refused = 0
    package var isClosed = false
  }

  private let content = Mutex(Delivery())
  private let capacity: Int
  /// Signals while the box is not empty.
  private let bell: WakeUp

  /// A box for so many values.
  package init(capacity: Int) throws(Errno) {
    self.capacity = capacity
    bell = try WakeUp()
  }

  /// To wait for, readable.
  package var descriptor: Int32 { bell.number }

  /// Puts a value in, unless the box is full or closed. For what matters more there is room for twice as many.
  package func post(_ element: Element, matters: Bool) {
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
    if wake { bell.signal() }
  }

  /// The last message: nothing can be posted any more.
  package func seal() {
    content.withLock { $0.isClosed = true }
    bell.signal()
  }

  /// Everything that was posted, in order.
  package func take() -> Delivery {
    bell.clear()
    return content.withLock { content in
      defer { content = Delivery(isClosed: content.isClosed) }
      return content
    }
  }
}
