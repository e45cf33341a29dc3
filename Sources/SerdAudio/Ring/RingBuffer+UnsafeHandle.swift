extension RingBuffer {
  /// The slots of a ring, and all of its work with pointers. Positions count from the ring's first element on for ever;
  /// the slot is the position's remainder.
  ///
  /// Whoever calls knows which slots are initialised, and that nobody else uses them at the time.
  struct UnsafeHandle {
    private let base: UnsafeMutablePointer<Element>
    /// A power of two.
    let capacity: Int

    init(capacity: Int) {
      var power = 1
      while power < capacity { power *= 2 }
      self.capacity = power
      base = UnsafeMutablePointer.allocate(capacity: power)
    }

    func deallocate() { base.deallocate() }

    private func slot(_ position: Int) -> Int { position & (capacity - 1) }

    /// Fills the slots from `position` on, which hold nothing.
    func initialize(at position: Int, from elements: UnsafeBufferPointer<Element>) {
      guard let source = elements.baseAddress else { return }
      let start = slot(position)
      let first = min(elements.count, capacity - start)
      (base + start).initialize(from: source, count: first)
      base.initialize(from: source + first, count: elements.count - first)
    }

    /// Empties the slots from `position` on.
    func move(from position: Int, into target: UnsafeMutableBufferPointer<Element>) {
      guard let destination = target.baseAddress else { return }
      let start = slot(position)
      let first = min(target.count, capacity - start)
      destination.moveInitialize(from: base + start, count: first)
      (destination + first).moveInitialize(from: base, count: target.count - first)
    }

    /// Empties one slot.
    func move(from position: Int) -> Element { (base + slot(position)).move() }

    func deinitialize(from start: Int, to end: Int) {
      for position in start..<end { (base + slot(position)).deinitialize(count: 1) }
    }
  }
}
