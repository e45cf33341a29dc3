import SerdFeatures
import SerdTestKit
import Testing

@Suite struct VocalTractWarpTests {
  static let factors = [0.5, 0.85, 0.92, 1.08, 1.15, 2]

  @Test("The lower part of the spectrum is scaled, the upper end stays, and the order is kept", arguments: factors)
  func theLowerPartIsScaledAndTheUpperEndStays(factor: Double) {
    let warp = VocalTractWarp(factor: factor, nyquist: 8000)
    #expect(warp(0) == 0 && abs(warp(1000) - 1000 * factor) < 1e-9)
    #expect(abs(warp(8000) - 8000) < 1e-9)
    let heard = stride(from: 0.0, through: 8000, by: 12.5).map { warp($0) }
    #expect(zip(heard, heard.dropFirst()).allSatisfy { $0 < $1 }, "two frequencies are never heard as one")
  }

  /// Jaitly and Hinton 2013 with F_hi = 4800 Hz and S = 16 kHz, worked out by hand for 6400 Hz.
  @Test("The upper part follows the formula of Jaitly and Hinton")
  func theFormulaOfThePaper() {
    #expect(abs(VocalTractWarp(factor: 0.9, nyquist: 8000)(6400) - 6160) < 1e-9)
    #expect(abs(VocalTractWarp(factor: 1.25, nyquist: 8000)(6400) - (8000 - 3200.0 / 4160 * 1600)) < 1e-9)
  }

  @Test("A factor of one changes nothing")
  func aFactorOfOneChangesNothing() {
    let warp = VocalTractWarp(factor: 1, nyquist: 8000)
    for bin in 0...512 { #expect(warp(Double(bin) * 15.625) == Double(bin) * 15.625) }
  }

  @Test("Any other factor changes the frames, and leaves them finite", arguments: factors)
  func theFramesChange(factor: Double) {
    let samples = SyntheticSignal.harmonics.samples(seconds: 2)
    let plain = FeatureStream.frames(of: samples, settings: .report)
    let warped = FeatureStream.frames(of: samples, settings: .report, vocalTractWarp: factor)
    #expect(plain.count == warped.count && plain != warped)
    #expect(warped.allSatisfy { $0.isFinite })
  }

  @Test("Every mel band still has a bin of the spectrum", arguments: [0.5, 0.85, 0.92, 1.08, 1.15])
  func noBandIsWithoutABin(factor: Double) {
    let settings = FrontEndSettings.report
    let bank = MelFilterBank(settings: settings, vocalTractWarp: factor)
    let spectrum = [Float](repeating: 1, count: bank.binsRead)
    var energies = [Float](repeating: -1, count: bank.paddedBands)
    bank.apply(spectrum, into: &energies, kernels: .best)
    #expect(energies[..<settings.melBands].allSatisfy { $0 > 0 })
  }
}
