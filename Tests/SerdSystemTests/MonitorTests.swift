import SerdSystem
import Testing

@Suite struct MonitorTests {
  @Test("Threads change a value in turns, and whoever waits sees every change")
  func turns() throws {
    let monitor = Monitor(0)
    let threads = try (0..<4).map { _ in
      try WorkThread(name: "test") { for _ in 0..<1000 { monitor.change { $0 += 1 } } }
    }
    #expect(monitor.wait { $0 == 4000 ? $0 : nil } == 4000)
    for thread in threads { thread.join() }
  }

  @Test("This process may use at least one processor")
  func processors() {
    #expect(Processors.usable >= 1)
  }
}
