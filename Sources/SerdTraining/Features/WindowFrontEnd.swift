import SerdFeatures

/// The front end for windows of samples, one after the other. For one thread.
///
/// Keeps what it needs for each vocal tract: its tables take five times as long as a window's frames.
final class WindowFrontEnd {
  private let settings: FeatureSettings
  private var kept: [Double: MFCC] = [:]

  init(settings: FeatureSettings) { self.settings = settings }

  /// MFCC frames of one window of samples, with its gain step on c0 unless the samples are levelled already.
  func mfcc(of samples: [Float], warp: Double = 1, isLevelled: Bool = false) -> [Float] {
    let frontEnd = settings.frontEnd
    let stream = FeatureStream(mfcc: mfcc(warp), windowFrames: settings.frames)
    samples.withUnsafeBufferPointer { stream.push($0) { _ in } }
    let window = stream.window()
    var values = Array(UnsafeBufferPointer(start: window.coefficients, count: settings.frames * frontEnd.coefficients))
    guard !isLevelled else { return values }
    let offset = InputScaling.c0Offset(decibels: Double(window.gainStep) * frontEnd.level.stepSize, settings: frontEnd)
    for frame in 0..<settings.frames { values[frame * frontEnd.coefficients] += offset }
    return values
  }

  private func mfcc(_ warp: Double) -> MFCC {
    if let mfcc = kept[warp] { return mfcc }
    let mfcc = MFCC(settings: settings.frontEnd, transform: settings.transform, vocalTractWarp: warp)
    kept[warp] = mfcc
    return mfcc
  }
}
