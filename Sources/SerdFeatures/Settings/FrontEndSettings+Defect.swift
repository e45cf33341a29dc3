extension FrontEndSettings {
  /// What is wrong with these settings, or nil. For values that come from a file.
  package func defect() -> String? {
    guard sampleRate == 16000 else { return "sample rate \(sampleRate) Hz; only 16000 is supported" }
    // Shorter ones would hear low voices as an offset.
    guard offsetSamples == 0 || (256...1_000_000).contains(offsetSamples) else {
      return "an offset averaged over \(offsetSamples) samples"
    }
    guard (256...8192).contains(frameLength), frameLength.nonzeroBitCount == 1 else {
      return "frames of \(frameLength) samples; a power of two from 256 to 8192 is supported"
    }
    guard (16...frameLength).contains(hop), frameLength % hop == 0 else {
      return "hop of \(hop) samples in frames of \(frameLength)"
    }
    guard (2...512).contains(melBands) else { return "\(melBands) mel bands" }
    // 13, because the speech gate looks at c1 to c12.
    guard coefficients >= 13, coefficients <= melBands else {
      return "\(coefficients) coefficients of \(melBands) bands"
    }
    guard lowHz >= 0, lowHz < highHz, highHz <= Double(sampleRate) / 2 else {
      return "band edges \(lowHz) to \(highHz) Hz"
    }
    guard logFloor > 0, logFloor.isFinite, clip > 0, clip.isFinite else { return "log floor \(logFloor), clip \(clip)" }
    if let standardisation {
      guard standardisation.mean.count == coefficients, standardisation.reciprocalDeviation.count == coefficients else {
        return "standardisation of \(standardisation.mean.count) coefficients, not \(coefficients)"
      }
      guard standardisation.mean.allSatisfy(\.isFinite),
        standardisation.reciprocalDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
      else { return "a standardisation value that is not finite and positive" }
    }
    if let adaptation {
      guard standardisation != nil else { return "speaker adaptation without a standardisation to begin with" }
      guard (1...1_000_000).contains(adaptation.priorFrames), (100...1_000_000).contains(adaptation.memoryFrames) else {
        return "speaker adaptation with \(adaptation.priorFrames) and \(adaptation.memoryFrames) frames"
      }
    }
    return level.defect()
  }
}
