/// Rooms and microphones for training: each kind of disturbance falls on its share of the augmented versions of a clip,
/// drawn once before training (`ClipVersions`). A range of nil turns its kind off.
package struct RoomAugmentation: Codable, Equatable, Sendable {
  /// Signal-to-noise ratio in dB; half of the noise is pink, half white.
  package var noise: ClosedRange<Double>?
  /// Share of the versions with noise.
  package var noiseShare = 0.3
  /// Reverberation time (-60 dB) in seconds.
  package var reverberation: ClosedRange<Double>?
  /// Direct sound over reverberation in dB: the distance from the microphone.
  package var directRatio: ClosedRange<Double> = 0...10
  /// Share of the versions with reverberation.
  package var reverberationShare = 0.3
  /// Upper end of the band in Hz; the lower one is drawn between 50 and 300 Hz.
  package var upperLimit: ClosedRange<Double>?
  /// Share of the versions with a limited band.
  package var bandShare = 0.2

  /// All turned off.
  package init() {}

  /// A clip in a drawn room: reverberation, then noise, then the microphone's band.
  package func apply(to clip: [Float], draws: inout VersionDraws) -> [Float] {
    var result = clip
    if let reverberation, draws.isRoom(reverberationShare) {
      let room = Disturbance.reverberation(
        seconds: draws.room { .random(in: reverberation, using: &$0) },
        directRatio: draws.room { .random(in: directRatio, using: &$0) })
      result = draws.room { room.apply(to: result, generator: &$0) }
    }
    if let noise, draws.isRoom(noiseShare) {
      let ratio = draws.room { Double.random(in: noise, using: &$0) }
      let disturbance = Disturbance.noise(decibels: ratio, isPink: draws.isRoom(0.5))
      result = disturbance.apply(to: result, generator: &draws.clip)
    }
    if let upperLimit, draws.isRoom(bandShare) {
      let band = Disturbance.band(
        low: draws.room { .random(in: 50...300, using: &$0) },
        high: draws.room { .random(in: upperLimit, using: &$0) })
      result = band.apply(to: result, generator: &draws.clip)
    }
    return result
  }
}
