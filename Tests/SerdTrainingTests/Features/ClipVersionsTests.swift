import Foundation
import SerdLearning
import SerdTestKit
import SerdTraining
import Testing

/// Augmented forms of a clip that are made of its samples.
@Suite struct ClipVersionsTests {
  static func tone(_ hertz: Float, count: Int) -> [Float] {
    (0..<count).map { 0.4 * sinf(2 * .pi * hertz * Float($0) / 16000) }
  }

  @Test("Another speed changes a clip's length and pitch, but not its level", arguments: [0.9, 1.1, 0.75, 1.25])
  func speedChangesLengthAndPitch(speed: Double) throws {
    let clip = Self.tone(400, count: 32000)
    let sped = try ClipVersions.at(speed: speed, clip[...])
    #expect(abs(Double(sped.count) - 32000 / speed) <= 1)
    let crossings = zip(sped, sped.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
    // As many periods as before, in another time: the pitch moves by the speed.
    #expect(abs(crossings - 800) <= 1)
    let middle = sped[2000..<sped.count - 2000]
    #expect(abs(middle.max()! - 0.4) < 0.005)
  }

  @Test("A speed of one gives the clip itself, and an empty clip stays empty")
  func speedOneIsTheClipItself() throws {
    let clip = Self.tone(300, count: 1000)
    #expect(try ClipVersions.at(speed: 1, clip[100..<900]) == Array(clip[100..<900]))
    #expect(try ClipVersions.at(speed: 1.1, [][...]).isEmpty)
  }

  @Test("The loudest window is found, on the grid, and lies inside the clip whatever the lengths")
  func theLoudestWindowIsFound() {
    var clip = [Float](repeating: 0.001, count: 20000)
    for i in 37 * 256..<37 * 256 + 2048 { clip[i] = 0.5 }
    #expect(LoudestWindow.start(in: clip, samples: 2048) == 37 * 256)
    // A longer window must hold all of it, and starts on the grid.
    let start = LoudestWindow.start(in: clip, samples: 4096)
    #expect(start % 256 == 0 && start <= 37 * 256 && start + 4096 >= 37 * 256 + 2048)
    #expect(LoudestWindow.start(in: clip, samples: 20000) == 0)
    #expect(LoudestWindow.start(in: clip, samples: 30000) == 0)
    #expect(LoudestWindow.start(in: [], samples: 10) == 0)
    // Whatever the lengths, the window lies inside the clip.
    for count in stride(from: 1000, through: 3000, by: 77) {
      let start = LoudestWindow.start(in: Array(clip[..<count]), samples: 1500)
      #expect(start >= 0 && (count <= 1500 ? start == 0 : start + 1500 <= count), "\(count)")
    }
  }

  @Test("Windows have their length, and noise at the ratio and in the share that were asked for")
  func windowsHaveTheirLengthAndTheNoiseThatWasAskedFor() {
    var draws = VersionDraws(clip: SeededGenerator(seed: 4))
    let clip = Self.tone(400, count: 32000)
    let plain = ClipVersions()
    for length in [8000, 31900, 32000, 40000] {
      for _ in 0..<10 { #expect(plain.window(of: clip, samples: length, draws: &draws).count == length) }
    }
    // Exactly a window long: there is one place for it, so the noise is what is left.
    let noisy = ClipVersions(noiseFloor: 40...50)
    for _ in 0..<10 {
      let window = noisy.window(of: clip, samples: 32000, draws: &draws)
      let noise = zip(window, clip).map { $0 - $1 }
      let rms = (noise.reduce(0) { $0 + $1 * $1 } / 32000).squareRoot()
      let below = 20 * log10f(0.4 / rms)
      #expect(below > 39.8 && below < 50.2, "\(below) dB below the peak")
    }
    var share = 0
    let mixed = ClipVersions(noiseFloor: 60...70, noisyShare: 0.3)
    for _ in 0..<100 {
      let noise = zip(mixed.window(of: Array(clip[..<4000]), samples: 4000, draws: &draws), clip).map {
        $0 - $1
      }
      if (noise.reduce(0) { $0 + $1 * $1 } / 4000).squareRoot() > 0.004 { share += 1 }
    }
    #expect(share > 15 && share < 45, "about 30 of 100")
  }

  /// A click tells the room that it is in. Clips of one speaker share it, version by version; clips that share nothing
  /// have rooms of their own.
  @Test("Recordings of one speaker are in the same rooms, version by version; others have their own")
  func aSpeakersRecordingsShareTheirRooms() {
    var room = RoomAugmentation()
    room.reverberation = 0.2...0.8
    room.upperLimit = 3000...7000
    let versions = ClipVersions(room: room)
    var click = [Float](repeating: 0, count: 8000)
    click[100] = 1
    func windows(clip: UInt64, shared: UInt64?) -> [[Float]] {
      var draws = VersionDraws(
        clip: SeededGenerator(seed: clip), shared: shared.map { SeededGenerator(seed: $0) })
      return (0..<20).map { _ in versions.window(of: click, samples: 8000, draws: &draws) }
    }
    let rooms = windows(clip: 1, shared: 3)
    #expect(rooms == windows(clip: 2, shared: 3) && rooms != windows(clip: 1, shared: 4))
    #expect(Set(rooms).count > 5, "many rooms")
    #expect(windows(clip: 1, shared: nil) != windows(clip: 2, shared: nil))
  }

  /// What is shared of noise is how much there is: the noise itself is every recording's own.
  @Test("Recordings of one speaker share the ratio of noise, but each has noise of its own")
  func aSpeakersRecordingsShareTheRatioOfNoiseButNotTheNoise() {
    var room = RoomAugmentation()
    room.noise = 0...30
    room.noiseShare = 1
    let versions = ClipVersions(room: room)
    let clip = Self.tone(400, count: 16000)
    func noise(clip seed: UInt64) -> [Float] {
      var draws = VersionDraws(clip: SeededGenerator(seed: seed), shared: SeededGenerator(seed: 9))
      return zip(versions.window(of: clip, samples: 16000, draws: &draws), clip).map { $0 - $1 }
    }
    func power(_ samples: [Float]) -> Float { samples.reduce(0) { $0 + $1 * $1 } }
    let (one, other) = (noise(clip: 1), noise(clip: 2))
    let product = zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(10 * log10f(power(one) / power(other))) < 0.1)
    #expect(abs(product) < 0.1 * power(one), "independent")
  }
}
