import Glibc
import SerdSystem
import Synchronization
import Testing

/// Signals as values, a box between threads, a thread that is joined.
@Suite struct WakingTests {
  @Test("What is posted arrives in order; a full box refuses, but has room for what matters")
  func mailbox() throws {
    let box = try Mailbox<Int>(capacity: 2)
    for number in 1...4 { box.post(number, matters: false) }
    box.post(5, matters: true)
    #expect(Descriptors.awaitReadable(box.descriptor, timeout: .zero).0)
    let delivery = box.take()
    #expect(delivery.elements == [1, 2, 5] && delivery.refused == 2 && !delivery.isClosed)
    #expect(!Descriptors.awaitReadable(box.descriptor, timeout: .zero).0, "an empty box is silent")
    box.seal()
    box.post(6, matters: true)
    let last = box.take()
    #expect(last.elements.isEmpty && last.isClosed)
  }

  @Test("A wake-up that comes before the sleep is not lost, and counts once")
  func wakeUp() throws {
    let bell = try WakeUp()
    bell.signal()
    bell.signal()
    #expect(Descriptors.awaitReadable(bell.number, timeout: .zero).0)
    bell.clear()
    #expect(!Descriptors.awaitReadable(bell.number, timeout: .zero).0)
  }

  @Test("A thread's work is over when it was joined, from whatever thread, however often")
  func threads() throws {
    let sum = Atomic(0)
    let thread = try WorkThread(name: "adds") { for number in 1...100 { sum.add(number, ordering: .relaxed) } }
    let other = try WorkThread(name: "joins") { thread.join() }
    thread.join()
    other.join()
    thread.join()
    #expect(sum.load(ordering: .relaxed) == 5050)
  }

  @Test("An interrupted call is repeated, any other failure is thrown with its number")
  func retries() {
    var calls = 0
    let result = try? retrying { () -> Int32 in
      calls += 1
      errno = EINTR
      return calls < 3 ? -1 : 7
    }
    #expect(result == 7 && calls == 3)
    #expect(throws: Errno(code: EBADF)) { try retrying { close(-1) } }
    #expect(Errno(code: EAGAIN).wouldBlock && !Errno(code: EBADF).wouldBlock)
  }

  @Test("Nanoseconds of a duration are clamped, not trapped on")
  func durations() {
    #expect(Duration.milliseconds(3).nanoseconds == 3_000_000)
    #expect(Duration.seconds(Int64.max).nanoseconds == .max / 2)
    #expect(Duration.seconds(Int64.min / 2).nanoseconds == .min / 2)
  }

  @Test(
    "A socket's path has 1 to 107 bytes and no zero byte", arguments: [("", false), ("/a", true), ("/a\0b", false)])
  func socketPaths(path: String, isUsable: Bool) {
    #expect(UnixSocket.isUsable(path: path) == isUsable)
    #expect(UnixSocket.isUsable(path: String(repeating: "x", count: 107)))
    #expect(!UnixSocket.isUsable(path: String(repeating: "x", count: 108)))
  }
}
