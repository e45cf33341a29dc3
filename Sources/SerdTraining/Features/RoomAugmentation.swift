/// Rooms and microphones for training: each kind of disturbance falls on its share of the augmented versions of a clip, drawn
/// once before training (`ClipVersions`). A range of nil turns its kind off.
public struct RoomAugmentation: Codable, Equatable, Sendable {
  /// Signal-to-noise ratio in dB; half of the noise is pink, half white.
  public var noise: ClosedRange<Double>?
  /// Share of the versions with noise.
  public var noiseShare = 0.3
  /// Reverberation time (-60 dB) in seconds.
  public var reverberation: ClosedRange<Double>?
  /// Direct sound over reverberation in dB: the distance from the microphone.
  public var directRatio: ClosedRange<Double> = 0...10
  /// Share of the versions with reverberation.
  public var reverberationShare = 0.3
  /// Upper end of the band in Hz; the lower one is drawn between 50 and 300 Hz.
  public var upperLimit: ClosedRange<Double>?
  /// Share of the versions with a limited band.
  public var bandShare = 0.2

  /// All turned off.
  public init() {}

  /// A clip in a drawn room: reverberation, then noise, then the microphone's band.
  package func apply(to clip: [Float], generator: inout SeededGenerator) -> [Float] {
    var result = clip
    func isDrawn(_ share: Double) -> Bool { Double(generator.uniform()) < share }
    if let reverberation, isDrawn(reverberationShare) {
      let room = Disturbance.reverberation(
        seconds: .random(in: reverberation, using: &generator),
        directRatio: .random(in: directRatio, using: &generator))
      result = room.apply(to: result, generator: &generator)
    }
    if let noise, isDrawn(noiseShare) {
      let ratio = Double.random(in: noise, using: &generator)
      result = Disturbance.noise(decibels: ratio, isPink: isDrawn(0.5)).apply(to: result, generator: &generator)
    }
    if let upperLimit, isDrawn(bandShare) {
      let band = Disturbance.band(
        low: .random(in: 50...300, using: &generator), high: .random(in: upperLimit, using: &generator))
      result = band.apply(to: result, generator: &generator)
    }
    return result
  }
}
