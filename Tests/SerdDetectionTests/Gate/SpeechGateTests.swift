import SerdAudio
import SerdDetection
import SerdTestKit
import Testing

@Suite struct SpeechGateTests {
  @Test("Digital silence stays closed, and so does its end in a microphone's noise")
  func silence() {
    let noise = SteadySound.white.samples(seconds: 4, decibels: -50)
    let states = gateStates([Float](repeating: 0, count: 64000) + noise)
    #expect(openShare(states, to: 3.9) == 0)
    #expect(openShare(states, from: 6.5) == 0)
  }

  @Test("Steady sound stays closed at any level", arguments: SteadySound.allCases, [Float(0), -20, -40])
  func steady(sound: SteadySound, decibels: Float) {
    #expect(openShare(gateStates(sound.samples(seconds: 8, decibels: decibels)), from: 0.5) < 0.01)
  }

  @Test(
    "Steady sound that becomes louder by 20 dB is the new floor after three seconds", arguments: SteadySound.allCases)
  func louder(sound: SteadySound) {
    let states = gateStates(
      sound.samples(seconds: 4, decibels: -30) + sound.samples(seconds: 6, decibels: -10))
    #expect(openShare(states, from: 7) < 0.01)
  }

  @Test(
    "A voice opens the gate over steady sound 10 dB below it, and its pauses close it",
    arguments: [SteadySound.white, .brown, .hum, .fan])
  func voiceOverNoise(sound: SteadySound) {
    let voice = voiceWithPauses(seconds: 21)
    let noise = sound.samples(seconds: 21, decibels: -10)
    let states = gateStates(zip(voice, noise).map { $0 + $1 })
    // From the second phrase on, when the floor is known: phrases at 3.5, 6, 8.5 s …, each 1.5 s.
    for phrase in stride(from: 3.5, to: 19, by: 2.5) {
      #expect(openShare(states, from: phrase + 0.1, to: phrase + 1.4) > 0.6)
      #expect(openShare(states, from: phrase + 1.9, to: phrase + 2.4) < 0.2)
    }
  }

  @Test("A minute of speech without a pause does not become the floor")
  func continuousSpeech() {
    let states = gateStates(SyntheticCorpus.voice(pitch: 110, rate: 6, seconds: 60))
    #expect(openShare(states, from: 55) > 0.6)
  }

  @Test("After the room becomes quieter or louder the gate opens for speech again", arguments: [Float(-25), 25])
  func roomChanges(step: Float) {
    let before = SteadySound.brown.samples(seconds: 5, decibels: -30)
    let after = SteadySound.brown.samples(seconds: 10, decibels: -30 + step)
    let voice = voiceWithPauses(seconds: 15)
    let states = gateStates(zip(voice, before + after).map { $0 + $1 })
    #expect(openShare(states, from: 11.1, to: 12.4) > 0.8)
    #expect(openShare(states, from: 12.9, to: 13.4) < 0.2)
  }

  @Test("Speech right after digital silence opens as fast as after a microphone's")
  func afterDigitalSilence() {
    let voice = SyntheticCorpus.voice(pitch: 120, rate: 7, seconds: 2)
    let states = gateStates([Float](repeating: 0, count: 32000) + voice)
    #expect(openShare(states, to: 1.9) == 0)
    #expect(openShare(states, from: 2.2, to: 3.9) > 0.6)
  }

  @Test("Thresholds and hang-over do what they say")
  func settings() {
    let voice = voiceWithPauses(seconds: 11)
    func share(_ change: (inout SpeechGate.Settings) -> Void) -> Double {
      var settings = SpeechGate.Settings()
      change(&settings)
      return openShare(gateStates(voice, settings: settings))
    }
    let asSet = share { _ in }
    #expect(share { $0.hangOver = 20 } > asSet + 0.05)
    #expect(share { ($0.openScore, $0.closeScore) = (4, 4) } < asSet)
    #expect(share { $0.minimumLevel = 0 } == 0)
  }

  @Test("Cepstra of every length that a front end may have are taken", arguments: [13, 20, 24, 40, 128])
  func lengths(count: Int) {
    var gate = SpeechGate()
    for frame in 0..<50 {
      let cepstrum = (0..<count).map { Float(($0 * 7 + frame * 3) % 11) - 5 }
      _ = cepstrum.withUnsafeBufferPointer { gate.update(level: -20, cepstrum: $0) }
    }
    #expect(gate.score.isFinite)
  }

  @Test(
    "Recorded speech is open for most of the frames in which somebody speaks",
    .enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
  func recordings() throws {
    let files = RealSpeech.files(in: "emodb/wav").enumerated().filter { $0.offset % 50 == 0 }.map(\.element)
    for file in files {
      let samples = try FileSource(path: file).read(64000)
      let trimmed = samples.drop { abs($0) < 1e-3 }
      #expect(openShare(gateStates(Array(trimmed))) > 0.5, "\(file)")
    }
    #expect(files.count > 5)
  }

  @Test("The open share is that of the newest frames")
  func openShareIsOverTheNewestFrames() {
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
