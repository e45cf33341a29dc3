import SerdFeatures

/// What a corpus's features depend on besides its sound.
package struct FeatureSettings: Encodable, Sendable {
  /// The front end, without standardisation.
  package var frontEnd: FrontEndSettings
  /// Frames per window.
  package var frames: Int
  /// Augmented versions of every recording.
  package var versions = ClipVersions.none
  /// How a recording becomes a window; nil for serd's own way.
  package var preparation: Preparation?
  /// Whose Fourier transform the front end uses.
  package var transform = TransformKind.chosen
  /// Decides what is drawn for the versions.
  package var seed: UInt64 = 1

  /// Plain windows, without augmented versions.
  package init(frontEnd: FrontEndSettings, frames: Int) {
    self.frontEnd = frontEnd
    self.frames = frames
  }

  /// Samples of a window at the front end's rate.
  var samples: Int { frontEnd.samples(inFrames: frames) }
}

extension FeatureSettings {
  /// MFCC frames of one window of samples: `WindowFrontEnd`, for a single one.
  package func mfcc(of samples: [Float]) -> [Float] { WindowFrontEnd(settings: self).mfcc(of: samples) }
}
