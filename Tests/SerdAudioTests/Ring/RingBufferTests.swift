import SerdAudio
import SerdSystem
import Synchronization
import Testing

@Suite struct RingBufferTests {
  @Test("It holds what its capacity says, and gives it back in order")
  func fillsAndEmpties() {
    let ring = RingBuffer<Float>(capacity: 5)
    #expect(ring.capacity == 8)
    let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    var taken = [Float](repeating: 0, count: 6)
    // Three rounds, so that the slots wrap around in different places.
    for _ in 0..<3 {
      #expect(values.withUnsafeBufferPointer { ring.write($0) } == 8)
      #expect(!ring.write(10) && ring.room == 0 && ring.count == 8)
      #expect(taken.withUnsafeMutableBufferPointer { ring.read(into: $0) } == 6)
      #expect(taken == [1, 2, 3, 4, 5, 6])
      #expect(ring.write(11))
      #expect([ring.read(), ring.read(), ring.read(), ring.read()] == [7, 8, 11, nil])
    }
  }

  @Test("Elements that were never read are released with the ring")
  func releases() {
    final class Token: Sendable {}
    weak var first: Token?
    weak var second: Token?
    do {
      let ring = RingBuffer<Token>(capacity: 4)
      let tokens = [Token(), Token()]
      (first, second) = (tokens[0], tokens[1])
      #expect(ring.write(tokens[0]) && ring.write(tokens[1]))
      _ = ring.read()
    }
    #expect(first == nil && second == nil)
  }

  @Test("Between two threads nothing is lost, doubled or reordered")
  func twoThreads() throws {
    let total = 2_000_000
    let ring = RingBuffer<Int>(capacity: 256)
    let writer = try WorkThread(name: "ring-writer") {
      var next = 0
      var block = [Int](repeating: 0, count: 100)
      while next < total {
        // Lengths that have no common divisor with the capacity.
        let count = min(1 + next % 97, total - next)
        for index in 0..<count { block[index] = next + index }
        next += block[..<count].withUnsafeBufferPointer { ring.write($0) }
      }
    }
    var expected = 0
    var isInOrder = true
    var target = [Int](repeating: 0, count: 61)
    while expected < total, isInOrder {
      let count = target.withUnsafeMutableBufferPointer { ring.read(into: $0) }
      for value in target[..<count] {
        if value != expected { isInOrder = false }
        expected += 1
      }
    }
    writer.join()
    #expect(isInOrder && expected == total && ring.read() == nil)
  }
}
