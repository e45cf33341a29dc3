extension FeatureStream {
  /// All MFCC frames of `samples`, row by row: the streaming code on one chunk.
  package static func frames(
    of samples: [Float], settings: FrontEndSettings, transform: TransformKind = .default, vocalTractWarp: Double = 1
  ) -> [Float] {
    let mfcc = MFCC(settings: settings, transform: transform, vocalTractWarp: vocalTractWarp)
    let stream = FeatureStream(mfcc: mfcc, windowFrames: 1)
    var result: [Float] = []
    result.reserveCapacity(settings.frames(inSamples: samples.count) * settings.coefficients)
    samples.withUnsafeBufferPointer { samples in
      stream.push(samples) { frame in
        result += UnsafeBufferPointer(start: frame.coefficients, count: settings.coefficients)
      }
    }
    return result
  }
}
