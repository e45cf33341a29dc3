/// Decides, frame by frame, whether somebody may be speaking, over a noise floor that follows the room.
///
/// `SpeechEvidence` says how far level, spectrum and harmonics stand above their floor and how much the shape moves;
/// `SpeechScore` makes one number of it, the logarithm of the odds of speech; hysteresis and a hang-over make states of
/// the numbers.
///
/// It follows a change of the room within 2.3 s (`TrackedMinimum`), does not adapt into speech, and costs 0.5 µs a
/// frame (`SerdBenchmarks gate`). Speech in nine noises at 20, 10, 5 and 0 dB, at 5 % false alarms: it misses 2.0, 4.2,
/// 7.1 and 13.4 % of the frames (`tools/compare-with-webrtcvad`; tables in docs/detection.md). What it cannot do: tell
/// a speaker from others who babble at the same level, or from singing and other music that moves like a voice.
///
/// It is not told from a voice: a sharp buzz (twenty equal harmonics) with noise more than 60 dB below it, as only a
/// computer makes.
///
/// A pure value: it knows no clock and no sample rate; time is counted in frames.
package struct SpeechGate: Sendable {
  /// Thresholds and times of a `SpeechGate`.
  package struct Settings: Equatable, Sendable {
    /// Frames below this RMS level are never speech, in dBFS. Most microphones' own noise lies between -75 and -60, and
    /// does not open the gate; this is for who wants to ignore quiet speech from far away.
    package var minimumLevel: Float = -70
    /// The gate opens above this score, a natural logarithm of odds: 1 more opens at e times the odds. 0 gives 2 to 8 %
    /// false alarms in speech with pauses, by the kind of noise; typing, doors and babble more.
    package var openScore: Float = 0
    /// It stays open down to this one.
    package var closeScore: Float = -1
    /// Frames that the gate stays open afterwards. A few do: the evidence itself looks back 0.2 s.
    package var hangOver = 2
    /// Share of a window's frames that must be open for the window to be classified.
    package var minimumOpenShare = 0.3
    /// The defaults.
    package init() {}
  }

  /// Thresholds and times. New ones take effect with the next frame.
  package var settings: Settings
  /// Score of the last frame: natural logarithm of the odds that it is speech.
  package private(set) var score = -Float.infinity
  private var evidence = SpeechEvidence()
  private var openFor = 0

  /// A closed gate that has heard nothing.
  package init(settings: Settings = Settings()) { self.settings = settings }

  /// Whether the gate is open after the last frame.
  package var isOpen: Bool { openFor > 0 }

  /// Takes the next frame and returns whether the gate is open.
  ///
  /// - Parameters:
  ///   - level: RMS of the frame in dBFS.
  ///   - cepstrum: the frame's MFCCs from c0 on, at least 13.
  package mutating func update(level: Float, cepstrum: UnsafeBufferPointer<Float>) -> Bool {
    if SpeechEvidence.isHeard(level: level) {
      evidence.update(level: level, cepstrum: cepstrum)
      score = evidence.values.withUnsafeBufferPointer { SpeechScore.of($0) }
    } else {
      score = -.infinity
    }
    let isSpeech = level >= settings.minimumLevel && score > (isOpen ? settings.closeScore : settings.openScore)
    openFor = isSpeech ? settings.hangOver + 1 : max(0, openFor - 1)
    return isOpen
  }
}
