import Testing

import SerdAudio

@Suite struct SignalMonitorTests {
  /// Changes of the condition, with the second in which each came.
  private func changes(
    _ parts: [(seconds: Double, amplitude: Float)], chunk: Int = 1_600, monitor: inout SignalMonitor
  ) -> [String] {
    var samples: [Float] = []
    for part in parts {
      samples += noise(Int(part.seconds * 16_000), amplitude: part.amplitude).map { min(1, max(-1, $0)) }
    }
    var found: [String] = []
    var place = 0
    while place < samples.count {
      let end = min(samples.count, place + chunk)
      let change = samples[place..<end].withUnsafeBufferPointer { monitor.observe($0) }
      if let change { found.append("\(change) at \(Double(end) / 16_000)") }
      place = end
    }
    return found
  }

  private func changes(_ parts: [(seconds: Double, amplitude: Float)], chunk: Int = 1_600) -> [String] {
    var monitor = SignalMonitor(sampleRate: 16_000)
    return changes(parts, chunk: chunk, monitor: &monitor)
  }

  @Test("Zeros are flat after 3 s, and not after less")
  func zeros() {
    #expect(changes([(10, 0)]) == ["flat at 3.0"])
    #expect(changes([(2.8, 0), (1, 0.01), (2.8, 0)]) == [])
  }

  @Test("What spans less than 20 steps of 16 bits is flat, whatever its offset; a quiet room is not")
  func span() {
    let step: Float = 1 / 32_768
    #expect(changes([(4, 9 * step)]) == ["flat at 3.0"])
    #expect(changes([(4, 12 * step)]) == [])
    var monitor = SignalMonitor(sampleRate: 16_000)
    let offset = [Float](repeating: 0.3, count: 64_000)
    #expect(offset.withUnsafeBufferPointer { monitor.observe($0) } == .flat)
  }

  @Test("Flat ends with the first 0.1 s of clear sound, not with a little more noise")
  func flatEnds() {
    let step: Float = 1 / 32_768
    #expect(changes([(4, 0), (1, 15 * step), (1, 0.01)]) == ["flat at 3.0", "normal at 5.1"])
  }

  @Test("Each return from flat doubles the patience, up to a minute")
  func patience() {
    var monitor = SignalMonitor(sampleRate: 16_000)
    #expect(changes([(4, 0), (1, 0.1), (5.8, 0), (1, 0.1)], monitor: &monitor) == ["flat at 3.0", "normal at 4.1"])
    #expect(changes([(7, 0), (1, 0.1)], monitor: &monitor) == ["flat at 6.0", "normal at 7.1"])
    for _ in 0..<6 { _ = changes([(70, 0), (1, 0.1)], monitor: &monitor) }
    #expect(monitor.flatPatience == 60)
    #expect(changes([(70, 0)], monitor: &monitor) == ["flat at 60.0"])
  }

  @Test("Clipping is reported within 2 s, survives a pause, and ends 5 s after the last of it")
  func clipping() {
    let found = changes([(3, 0.5), (2, 2), (3, 0.5), (1, 2), (10, 0.5)])
    #expect(found == ["clipping at 3.1", "normal at 14.0"])
  }

  @Test("A seldom peak at full scale is no clipping")
  func seldomPeaks() {
    var monitor = SignalMonitor(sampleRate: 16_000)
    var samples = noise(160_000, amplitude: 0.5)
    for place in stride(from: 0, to: samples.count, by: 800) { samples[place] = 1 }
    #expect(samples.withUnsafeBufferPointer { monitor.observe($0) } == nil)
  }

  @Test("It does not matter how the signal is cut", arguments: [1, 7, 512, 100_000])
  func cuts(chunk: Int) {
    var whole = SignalMonitor(sampleRate: 16_000)
    var cut = SignalMonitor(sampleRate: 16_000)
    let parts: [(seconds: Double, amplitude: Float)] = [(4, 0), (1, 0.1), (2.05, 2)]
    _ = changes(parts, chunk: 160_000, monitor: &whole)
    _ = changes(parts, chunk: chunk, monitor: &cut)
    #expect(whole.condition == .clipping)
    #expect(cut.condition == whole.condition && cut.flatPatience == whole.flatPatience)
  }
}
