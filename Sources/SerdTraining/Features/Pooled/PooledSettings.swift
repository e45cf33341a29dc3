import SerdFeatures

/// What the pooled features of a corpus depend on besides its sound and the encoder.
package struct PooledSettings: Encodable, Sendable {
  /// The cepstral front end: of the gate, of the level and of novelty.
  package var frontEnd = FrontEndSettings.report
  /// Frames of that in a window: 2 s.
  package var windowFrames = 122
  /// Augmented versions of every recording.
  package var versions = 0
  /// Playback speeds that a version draws from.
  package var speeds: [Double] = [0.9, 1, 1.1]
  /// Rooms and microphones; nil for none.
  package var room: RoomAugmentation?
  /// Whose Fourier transform the front ends use.
  package var transform = TransformKind.chosen
  /// Decides what is drawn.
  package var seed: UInt64 = 1

  package init() {}
}
