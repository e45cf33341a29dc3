import SerdLearning

/// Sounds without speech, of which a network is taught to say nothing: that every emotion is as likely as any other
/// (outlier exposure, Hendrycks, Mazeika and Dietterich 2019, arXiv 1812.04606). One that was only ever asked about
/// emotional speech has an emotion for a fan and a song, too, and the live gate lets some of them through.
package struct BackgroundSounds: Codable, Equatable, Sendable {
  /// How many such samples a batch gets for each recording in it, rounded up.
  package var share = 0.125
  /// How many different windows they are drawn from.
  package var variety = 256

  /// One for eight, of 256.
  package init() {}

  package func count(beside recordings: Int) -> Int { Int((share * Double(recordings)).rounded(.up)) }
}

/// Windows of such sounds, as features with their gain on c0: made anew for every training, always the same ones.
///
/// Cost: 20 KB a window of 2 s.
package struct BackgroundWindows {
  /// Windows to draw from.
  package let count: Int
  private let values: [Float]
  private let size: Int

  package init(of sounds: BackgroundSounds, settings: FeatureSettings) {
    count = sounds.variety
    size = settings.frames * settings.frontEnd.coefficients
    var generator = SeededGenerator(seed: 4)
    let frontEnd = WindowFrontEnd(settings: settings)
    var values: [Float] = []
    values.reserveCapacity(count * size)
    for _ in 0..<count {
      values += frontEnd.mfcc(of: BackgroundSound.draw(samples: settings.samples, generator: &generator))
    }
    self.values = values
  }

  /// Calls `body` with one of the windows.
  package func withWindow<Result>(_ index: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
    values.withUnsafeBufferPointer { body($0.baseAddress! + index * size) }
  }
}
