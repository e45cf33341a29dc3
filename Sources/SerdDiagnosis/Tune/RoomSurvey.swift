import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// What a room sounds like to the gate, and the settings that follow: what `serd tune` finds out. No network is run.
///
/// Frames in which the gate is closed are taken for the room, the others for speech. Levels are RMS per frame in dBFS.
package struct RoomSurvey {
  /// What was found.
  package struct Findings: Equatable, Sendable {
    /// Level that 95 % of the frames without speech stay below; nil if there were none.
    package var roomLevel: Float?
    /// Median level of the frames with speech; nil if there was none.
    package var speechLevel: Float?
    /// Share of the time in which the gate was open.
    package var openShare: Double
    /// The largest sample, in dBFS.
    package var peak: Float
    /// Share of the samples at full scale.
    package var clippedShare: Double
  }

  /// How far above the room's level the gate's threshold is proposed, in dB.
  static let margin: Float = 3
  /// Speech is wanted at least this far above the room, in dB.
  static let wantedDistance: Float = 10

  private let stream: GatedStream
  private var room: [Float] = []
  private var speech: [Float] = []
  private var peak: Float = 0
  private var clipped = 0
  private var samples = 0

  /// A survey with the front end of a model and the gate as configured.
  package init(frontEnd: FrontEndSettings, transform: TransformKind, gate: SpeechGate.Settings) {
    stream = GatedStream(mfcc: MFCC(settings: frontEnd, transform: transform), windowFrames: 1, gate: gate)
  }

  /// Takes the next samples (16 kHz, mono).
  package mutating func push(_ block: UnsafeBufferPointer<Float>) {
    for sample in block {
      peak = max(peak, abs(sample))
      if abs(sample) >= 0.9999 { clipped += 1 }
    }
    samples += block.count
    stream.push(block) { frame, isOpen in
      if isOpen {
        speech.append(frame.level)
      } else {
        room.append(frame.level)
      }
    }
  }

  /// What was found so far.
  package var findings: Findings {
    Findings(
      roomLevel: Self.quantile(room, 0.95), speechLevel: Self.quantile(speech, 0.5),
      openShare: Double(speech.count) / Double(max(1, speech.count + room.count)),
      peak: decibels(ofMeanSquare: peak * peak), clippedShare: Double(clipped) / Double(max(1, samples)))
  }

  private static func quantile(_ levels: [Float], _ share: Double) -> Float? {
    guard !levels.isEmpty else { return nil }
    return levels.sorted()[min(levels.count - 1, Int(Double(levels.count) * share))]
  }
}

extension RoomSurvey.Findings {
  /// The gate level to configure, in whole dB: a little above the room. nil if nothing but speech was heard.
  package var gateLevel: Float? {
    roomLevel.map { min(-20, max(-90, ($0 + RoomSurvey.margin).rounded(.up))) }
  }

  /// What to do about microphone and room, a line each; none if all is well.
  package var advice: [String] {
    var lines: [String] = []
    if peak < -90 {
      return ["Nothing at all was heard: is the microphone muted? (alsamixer, serd devices --level)"]
    }
    if clippedShare > 0.0001 {
      lines.append("The sound clips: lower the microphone's capture gain (alsamixer, F4).")
    } else if let speechLevel, speechLevel < -45 {
      lines.append("Speech is faint: raise the microphone's capture gain (alsamixer, F4), or come closer.")
    }
    if let roomLevel, let speechLevel, speechLevel < roomLevel + RoomSurvey.wantedDistance {
      lines.append("Speech is hardly louder than the room: put the microphone nearer to the people.")
    }
    if speechLevel == nil {
      lines.append("No speech was heard. If somebody did speak, the microphone is too far away or its gain too low.")
    }
    return lines
  }
}
