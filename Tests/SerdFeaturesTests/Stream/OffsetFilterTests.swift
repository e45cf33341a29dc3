import SerdFeatures
import SerdTestKit
import Testing

@Suite struct OffsetFilterTests {
  let speech = SyntheticSignal.harmonics.samples(seconds: 3)

  private func stream(of samples: [Float], settings: FrontEndSettings = .report) -> (FeatureStream, levels: [Float]) {
    let stream = FeatureStream(mfcc: MFCC(settings: settings), windowFrames: 50)
    var levels: [Float] = []
    samples.withUnsafeBufferPointer { stream.push($0) { levels.append($0.level) } }
    return (stream, levels)
  }

  @Test("A constant offset changes neither frames nor levels", arguments: [-0.05, 0.003, 0.03])
  func constantOffsetIsTakenOut(offset: Float) {
    let shifted = speech.map { $0 + offset }
    let plain = FeatureStream.frames(of: speech, settings: .report)
    let frames = FeatureStream.frames(of: shifted, settings: .report)
    // Single precision rounds the shifted samples otherwise; without the filter it is more than 10.
    #expect(zip(plain, frames).allSatisfy { abs($0 - $1) < 0.05 })
    #expect(zip(stream(of: speech).levels, stream(of: shifted).levels).allSatisfy { abs($0 - $1) < 0.001 })
  }

  @Test("The offset that is taken out is told")
  func offsetIsTold() {
    let noise = SyntheticSignal.noise.samples(seconds: 3).map { $0 * 0.01 }
    #expect(abs(stream(of: noise).0.offset) < 1e-4)
    #expect(abs(stream(of: noise.map { $0 + 0.02 }).0.offset - 0.02) < 1e-4)
  }

  @Test("Settings of 0 leave the samples as they are")
  func nothingIsTakenOutUnlessAsked() {
    var settings = FrontEndSettings.report
    settings.offsetMemory = 0
    let constant = stream(of: [Float](repeating: 0.5, count: 4096), settings: settings)
    #expect(constant.levels.allSatisfy { abs($0 + 6.0206) < 1e-3 })
    #expect(constant.0.offset == 0)
    #expect(stream(of: [Float](repeating: 0.5, count: 4096)).levels.allSatisfy { $0 == -200 })
  }

  /// y = x - m, m += (x - m) / M, one sample after the other in double precision.
  @Test("The filter is a high pass of first order, whatever the instruction set")
  func everyInstructionSetFollowsTheDefinition() {
    let memory = Double(FrontEndSettings.defaultOffsetMemory)
    let samples = speech[..<4096].map { $0 + 0.1 }
    var mean = Double(samples[..<256].reduce(0, +) / 256)
    let expected = samples.map { x in
      let y = Double(x) - mean
      mean += y / memory
      return y
    }
    let decays = (0...16).map { k in Float((0..<k).reduce(1.0) { power, _ in power * (1 - 1 / memory) }) }
    for kernels in FrontEndKernels.all {
      var block = samples
      let after = block.withUnsafeMutableBufferPointer {
        kernels.table.constant_removed(
          $0.baseAddress!, Int32(samples.count), samples[..<256].reduce(0, +) / 256, decays)
      }
      #expect(zip(block, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(kernels.name)")
      #expect(abs(Double(after) - mean) < 1e-6, "\(kernels.name)")
    }
  }

  @Test("A clip is centred on its mean; an empty one stays empty")
  func clipsAreCentred() {
    #expect(Array(ClipPadding.centred([0.75, 0.25])) == [0.25, -0.25])
    #expect(ClipPadding.centred([]).isEmpty)
  }
}
