import CFrontEndKernels
import Glibc
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct FrontEndKernelTests {
  /// Every length of frame, so that the transform ends in passes of two, four and eight; odd band counts, bands at the
  /// end of the spectrum.
  static let oddSettings: [FrontEndSettings] = {
    [
      (256, 16, 13, 13), (512, 128, 23, 17), (1024, 256, 129, 40), (2048, 512, 80, 80), (4096, 1024, 40, 20),
      (8192, 4096, 64, 33),
    ].map { edges in
      var settings = FrontEndSettings.paper
      (settings.frameLength, settings.hop, settings.melBands, settings.coefficients) = edges
      settings.highHz = 8000
      if edges.0 < 1000 { settings.spectrum = .power }
      return settings
    }
  }()

  private func frames(
    _ settings: FrontEndSettings, _ transform: TransformKind, _ samples: [Float], _ kernels: FrontEndKernels
  ) -> [Float] {
    let mfcc = MFCC(settings: settings, transform: transform, kernels: kernels)
    let stream = FeatureStream(mfcc: mfcc, windowFrames: 1)
    var values: [Float] = []
    samples.withUnsafeBufferPointer { samples in
      stream.push(samples) { frame in
        values += UnsafeBufferPointer(start: frame.coefficients, count: settings.coefficients) + [frame.level]
      }
      values.append(stream.measureLevel())
    }
    return values
  }

  /// With FFTW, too, whose part is the same here whatever the kernels.
  @Test(
    "Every instruction set gives the same frames and levels to the bit", arguments: oddSettings + [.report, .paper],
    TransformKind.allCases)
  func everyInstructionSetGivesTheSameFramesAndLevels(settings: FrontEndSettings, transform: TransformKind) {
    #expect(settings.defect() == nil)
    for signal in SyntheticSignal.allCases {
      let samples = Array(signal.samples(seconds: 2)[..<12345])
      let expected = frames(settings, transform, samples, FrontEndKernels.all[0])
      #expect(expected.allSatisfy { $0.isFinite })
      for kernels in FrontEndKernels.all {
        #expect(
          frames(settings, transform, samples, kernels).map(\.bitPattern) == expected.map(\.bitPattern),
          "\(kernels.name) \(signal)")
      }
    }
  }

  /// White noise has no empty bands, where the logarithm would magnify single precision's rounding.
  @Test(
    "Frames of white noise are those of the definition in double precision", arguments: oddSettings + [.report],
    TransformKind.allCases)
  func framesFollowTheDefinition(settings: FrontEndSettings, transform: TransformKind) {
    var settings = settings
    settings.offsetMemory = 0
    let samples = Array(SyntheticSignal.noise.samples(seconds: 2)[..<(settings.frameLength + 2 * settings.hop)])
    let values = FeatureStream.frames(of: samples, settings: settings, transform: transform)
    let plain = PlainMFCC(settings: settings)
    for frame in 0..<3 {
      let expected = plain.coefficients(of: samples[frame * settings.hop..<frame * settings.hop + settings.frameLength])
      for (k, value) in expected.enumerated() {
        let difference = abs(Double(values[frame * settings.coefficients + k]) - value)
        #expect(difference < 2e-5, "frame \(frame), c\(k): \(difference)")
      }
    }
  }

  /// Every 61st mantissa of every exponent from 2^-20, the log floor, to 2^20.
  @Test("The logarithm is within one unit in the last place")
  func logarithmIsWithinAUnitInTheLastPlace() {
    var worst = 0.0
    for exponent in -20...20 {
      let mantissas = stride(from: UInt32(0), to: 1 << 23, by: 61).map {
        Float(bitPattern: UInt32(127 + exponent) << 23 | $0)
      }
      var values = Array(mantissas[..<(mantissas.count & ~15)])
      FrontEndKernels.best.table.logarithm(&values, 0, Int32(values.count))
      for (x, y) in zip(mantissas, values) {
        let exact = log(Double(x))
        worst = max(worst, abs(Double(y) - exact) / max(Double(Float(exact).ulp), 1e-30))
      }
    }
    #expect(worst < 0.93, "\(worst) units in the last place")
  }

  /// The same bits on Arm: what the kernels make of one input, as a checksum that was recorded on x86.
  @Test("What the kernels make of one input is the same on every machine")
  func outputsAreTheRecordedOnes() {
    for kernels in FrontEndKernels.all {
      #expect(Self.checksum(kernels.table) == 1_811_349_542_923_361_330, "\(kernels.name)")
    }
  }

  private static func checksum(_ kernels: serd_front_end_kernels) -> UInt64 {
    var generator = TestGenerator(seed: 20)
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &generator) } }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    func add(_ values: [Float]) {
      for value in values { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
    }
    var (a, b) = ([Float](repeating: 0, count: 256), [Float](repeating: 0, count: 256))
    kernels.window(random(512), random(256), random(256), &a, &b, 256)
    add(a + b)
    for length in [128, 256, 512] {
      add(FourierTransformTests.transform(random(2 * length), random(length / 8 * 14 * 2), kernels))
    }
    for isPower in [Int32(0), 1] {
      var bins = [Float](repeating: 0, count: 251)
      kernels.spectrum(a, b, random(252), &bins, 250, isPower)
      add(bins)
    }
    var energies = [Float](repeating: 0, count: 16)
    kernels.mel(random(200), random(5 * 64), (0..<16).map { $0 * 10 }, [3, 2], &energies, 16)
    add(energies)
    energies = energies.map(abs)
    kernels.logarithm(&energies, 1e-6, 16)
    add(energies)
    kernels.fold(a, &b, &energies, 31)
    var rows = [Float](repeating: 0, count: 24)
    kernels.cosine(random(40), random(40), random(40 * 24), &rows, 40, 24)
    add(rows + b + energies)
    var (steps, loudest) = ([Int16](repeating: 0, count: 250), Int16(0))
    add([kernels.level(a, &steps, 250, 103 * 32, 831, &loudest)])
    add((steps + [loudest]).map { Float($0) })
    add([Float(kernels.count(steps, 250, Int32(loudest) - 40))])
    return hash
  }
}
