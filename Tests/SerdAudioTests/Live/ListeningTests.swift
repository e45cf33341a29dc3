import SerdAudio
import SerdTestKit
import Testing

/// The loop that all listeners share.
@Suite struct ListeningTests {
  /// Readings as they are written down; samples count up from 1.
  private final class Script: LiveSource {
    let name = "script"
    var progress = 0
    private(set) var isStopped = false
    private var readings: [LiveReading]

    init(_ readings: [LiveReading]) { self.readings = readings }

    func next(into buffer: UnsafeMutableBufferPointer<Float>, timeout: Duration) -> LiveReading {
      guard !readings.isEmpty else { return .ended }
      let reading = readings.removeFirst()
      if case .samples(let count, _) = reading {
        for index in 0..<count {
          progress += 1
          buffer[index] = Float(progress)
        }
      }
      return reading
    }

    func stop() { isStopped = true }
  }

  private struct Enough: Error {}

  @Test("Every reading comes once, in order, with its own samples, the end included")
  func everything() {
    let readings: [LiveReading] = [
      .samples(count: 3, heardAt: 1), .nothing, .signal(.flat), .samples(count: 1, heardAt: 2),
      .gap(Gap(cause: .overrun, seconds: 1)),
    ]
    var heard: [LiveReading] = []
    var samples: [[Float]] = []
    Script(readings).listen(timeout: .zero, blockLength: 4) { reading, block in
      heard.append(reading)
      samples.append(Array(block))
      return true
    }
    #expect(heard == readings + [.ended])
    #expect(samples == [[1, 2, 3], [], [], [4], [], []])
  }

  @Test("Who has heard enough, or fails, hears no more")
  func enough() {
    let readings = [LiveReading](repeating: .nothing, count: 5)
    var count = 0
    Script(readings).listen(timeout: .zero) { _, _ in
      count += 1
      return count < 3
    }
    #expect(count == 3)
    #expect(throws: Enough.self) {
      try Script(readings).listen(timeout: .zero) { _, _ in
        count += 1
        throw Enough()
      }
    }
    #expect(count == 4)
  }
}
