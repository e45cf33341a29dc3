import SerdAudio
import Testing

/// A machine that sleeps, which no test can make: the capture thread's end of the queue, told so.
@Suite struct SleepingMachineTests {
  private let queue: CaptureQueue
  private var writer: CaptureWriter
  private let reader: CaptureReader
  private static let period: Int64 = 32_000_000

  init() throws {
    queue = try CaptureQueue()
    writer = CaptureWriter(queue: queue, now: 0, asleep: 5_000)
    reader = CaptureReader(queue: queue)
    writer.report(.capturing(NativeFormat(sampleRate: 16_000, channels: 1, name: "test")))
  }

  /// A period of sound that ends at `heardAt`.
  private mutating func append(heardAt: Int64, asleep: Int64) {
    [Float](repeating: 0.1, count: 512).withUnsafeBufferPointer {
      writer.append($0, clipped: 0, heardAt: heardAt, asleep: asleep, sampleRate: 16_000)
    }
  }

  private func gaps() -> [Gap] {
    var found: [Gap] = []
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 1_024) { buffer in
      while let reading = reader.take(into: buffer) { if case .gap(let gap) = reading { found.append(gap) } }
    }
    return found
  }

  @Test(
    "Hours of sleep are a gap of hours, whether the driver reports the interruption or not", arguments: [true, false])
  mutating func sleep(isReported: Bool) throws {
    append(heardAt: Self.period, asleep: 6_000)
    #expect(gaps() == [])
    if isReported { writer.interrupt(.deviceLost) }
    append(heardAt: 2 * Self.period + 500_000_000, asleep: 3_600_000_000_000)
    let gap = try #require(gaps().first)
    #expect(gap.cause == .deviceLost && abs(gap.seconds - 3600.5) < 0.001, "\(gap)")
    append(heardAt: 3 * Self.period + 500_000_000, asleep: 3_600_000_004_000)
    #expect(gaps() == [], "told once")
  }

  @Test("What the time asleep is off by is no sleep")
  mutating func jitter() {
    for block in 1...20 { append(heardAt: Int64(block) * Self.period, asleep: 5_000 + Int64(block % 3) * 400_000) }
    #expect(gaps() == [])
  }

  @Test("Sound that found no room while nobody read does not hide a sleep")
  mutating func fullQueue() throws {
    var time = Self.period
    while queue.samples.room >= 512 {
      append(heardAt: time, asleep: 0)
      time += Self.period
    }
    append(heardAt: time, asleep: 60_000_000_000)
    _ = gaps()
    append(heardAt: time + Self.period, asleep: 60_000_000_000)
    #expect(abs(try #require(gaps().first).seconds - 60.032) < 0.001)
  }
}
