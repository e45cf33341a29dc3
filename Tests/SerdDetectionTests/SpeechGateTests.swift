import SerdDetection
import Testing

@Suite struct SpeechGateTests {
  private func states(_ frames: [(level: Float, shape: Float)], settings: SpeechGate.Settings = .init()) -> [Bool] {
    var gate = SpeechGate(settings: settings)
    return frames.map { frame in
      [Float](repeating: frame.shape, count: 40).withUnsafeBufferPointer {
        gate.update(level: frame.level, cepstrum: $0)
      }
    }
  }

  @Test func steadySoundStaysClosedHoweverLoud() {
    #expect(states(Array(repeating: (-3, 5), count: 200)).allSatisfy { !$0 })
  }

  @Test func silenceStaysClosedWhateverItsShape() {
    let frames = (0..<200).map { (level: Float(-61), shape: Float($0 % 2 == 0 ? 10 : -10)) }
    #expect(states(frames).allSatisfy { !$0 })
  }

  @Test func movingShapeOpens() {
    let frames = (0..<50).map { (level: Float(-30), shape: Float($0 % 10 < 5 ? 2 : -2)) }
    let open = states(frames)
    #expect(!open[0])
    #expect(open[6...].allSatisfy { $0 })
  }

  @Test func closesAfterTheHangOver() {
    var settings = SpeechGate.Settings()
    settings.hangOver = 4
    let frames = [(Float(-20), Float(0)), (-20, 90)] + Array(repeating: (Float(-90), Float(0)), count: 6)
    #expect(states(frames, settings: settings) == [false, true, true, true, true, false, false, false])
  }

  /// The threshold is the Euclidean distance over c1 to c12: 12 equal offsets of d have the length d √12.
  @Test func thresholdIsADistanceOverTwelveCoefficients() {
    var settings = SpeechGate.Settings()
    settings.distanceRetention = 0
    let just = settings.minimumDistance / Float(12).squareRoot()
    #expect(states([(-20, 0), (-20, just * 1.001)], settings: settings).last == true)
    #expect(states([(-20, 0), (-20, just * 0.999)], settings: settings).last == false)
  }

  /// One odd frame in five, as a hum gives, is not speech; a stretch of them is.
  @Test func aSingleLivelyFrameDoesNotOpen() {
    let hum = (0..<200).map { (level: Float(-20), shape: Float($0 % 5 == 0 ? 1.3 : 0)) }
    #expect(states(hum).allSatisfy { !$0 })
    let stretch = (0..<200).map { (level: Float(-20), shape: Float($0 % 10 < 5 ? 1.3 : -1.3)) }
    #expect(states(stretch).last == true)
  }

  @Test func openShareIsOverTheNewestFrames() {
    var share = OpenShare(frames: 4)
    #expect(share.value == 0)
    for isOpen in [true, true, false, false] { share.push(isOpen) }
    #expect(share.value == 0.5)
    share.push(false)
    #expect(share.value == 0.25)
    for _ in 0..<4 { share.push(true) }
    #expect(share.value == 1)
  }
}
