import Foundation
import SerdAudio
import SerdFeatures

/// The augmented forms of a clip that need its samples, so they are made once, before training: speed, vocal tract,
/// noise floor, position in the window. What needs only features is drawn anew for every batch (`Augmentation`).
package struct ClipVersions: Codable, Equatable, Sendable {
  /// Playback speeds; 1 is as recorded.
  package var speeds: [Double]
  /// Factors on the frequency axis (`MelFilterBank`); 1 is as recorded.
  package var vocalTractWarps: [Double]
  /// White noise under the whole clip, drawn uniformly in dB below its peak; nil for none.
  package var noiseFloor: ClosedRange<Double>?
  /// Share of the versions with much more noise than that, 10 to 30 dB below the clip's RMS.
  package var noisyShare: Double
  /// Rooms, noise at stated ratios, narrow bands; nil for none.
  package var room: RoomAugmentation?

  /// Every speed with every warp; by default one version, as recorded.
  package init(
    speeds: [Double] = [1], vocalTractWarps: [Double] = [1], noiseFloor: ClosedRange<Double>? = nil,
    noisyShare: Double = 0, room: RoomAugmentation? = nil
  ) {
    self.speeds = speeds
    self.vocalTractWarps = vocalTractWarps
    self.noiseFloor = noiseFloor
    self.noisyShare = noisyShare
    self.room = room
  }

  /// No augmented version.
  package static let none = ClipVersions(speeds: [], vocalTractWarps: [])

  /// Number of augmented versions of each clip.
  package var count: Int { speeds.count * vocalTractWarps.count }

  /// The samples of a clip at another speed, by resampling (pitch and formants move along).
  package static func at(speed: Double, _ clip: ArraySlice<Float>) throws(AudioError) -> [Float] {
    guard speed != 1 else { return Array(clip) }
    let resampler = try Resampler(from: 16000 * speed, to: 16000)
    var output: [Float] = []
    // A resampler whose output has no room does not move on, so it always gets some.
    var scratch = [Float](repeating: 0, count: 4096)
    var rest = clip[...]
    while !rest.isEmpty {
      let step = rest.withUnsafeBufferPointer { input in
        scratch.withUnsafeMutableBufferPointer { resampler.process(input, into: $0) }
      }
      output += scratch[..<step.produced]
      rest = rest.dropFirst(step.consumed)
    }
    while true {
      let produced = scratch.withUnsafeMutableBufferPointer { resampler.flush(into: $0) }
      if produced == 0 { return output }
      output += scratch[..<produced]
    }
  }

  /// A window of a clip for training: at a random position, with noise.
  package func window(of clip: [Float], samples: Int, draws: inout VersionDraws) -> [Float] {
    var window: [Float]
    if clip.count < samples {
      window = ClipPadding.padded(clip[...], to: samples, position: Double(draws.clip.uniform()))
    } else {
      let shift = Int((Double(draws.clip.uniform()) - 0.5) * 9600)  // ± 0.3 s around the loudest part
      let start = max(0, min(clip.count - samples, LoudestWindow.start(in: clip, samples: samples) + shift))
      window = Array(clip[start..<start + samples])
    }
    if let room { window = room.apply(to: window, draws: &draws) }
    guard let noiseFloor else { return window }
    let peak = window.reduce(Float(0)) { max($0, abs($1)) }
    var amplitude = peak * Float(pow(10, -draws.room { Double.random(in: noiseFloor, using: &$0) } / 20))
    if draws.isRoom(noisyShare) {
      let rms = (window.reduce(0) { $0 + $1 * $1 } / Float(samples)).squareRoot()
      amplitude = rms * Float(pow(10, -draws.room { Double.random(in: 10...30, using: &$0) } / 20))
    }
    for i in window.indices { window[i] += amplitude * draws.clip.quickGaussian() }
    return window
  }
}

/// Where in a longer clip the speech is: the window with the most energy, on a grid of one hop.
package enum LoudestWindow {
  package static func start(in clip: [Float], samples: Int, hop: Int = 256) -> Int {
    guard clip.count > samples else { return 0 }
    let energies = stride(from: 0, to: clip.count - hop + 1, by: hop).map { start in
      clip[start..<start + hop].reduce(Float(0)) { $0 + $1 * $1 }
    }
    let length = samples / hop
    guard energies.count > length else { return 0 }
    var energy = energies[..<length].reduce(0, +)
    var best = (energy: energy, index: 0)
    for index in 1...(energies.count - length) {
      energy += energies[index + length - 1] - energies[index - 1]
      if energy > best.energy { best = (energy, index) }
    }
    return best.index * hop
  }
}
