import SerdAudio
import SerdProtocol

/// Ties the stream's own time to the monotonic clock.
///
/// The stream's time counts samples and gaps, in seconds from the daemon's start; it depends on nothing but the sound.
/// The clock is what the latest reading says, so the sound card's clock may drift against the machine's.
struct StreamTimeLine {
  /// Stream time at which the pipeline last started anew.
  private var base = 0.0
  /// Samples heard since.
  private var samples = 0
  /// Monotonic nanoseconds at stream time 0.
  private var origin: Int64

  /// Stream time 0 is at `start` until something is heard.
  init(start: Timestamp) { origin = start.nanoseconds }

  /// The end of what was heard.
  var now: Double { base + Double(samples) / Double(SampleRate.pipeline) }

  /// So many samples more, the last of them heard at `nanoseconds`.
  mutating func hear(_ count: Int, until nanoseconds: Int64) {
    samples += count
    origin = nanoseconds - Int64((now * 1e9).rounded())
  }

  /// The pipeline starts anew here.
  mutating func restart() {
    base = now
    samples = 0
  }

  /// Time without sound, after a restart.
  mutating func skip(_ seconds: Double) {
    base += seconds
  }

  /// Stream time of a time in seconds since the pipeline's start.
  func streamTime(ofPipeline seconds: Double) -> Double { base + seconds }

  /// When a stream time was.
  func timestamp(_ time: Double) -> Timestamp { Timestamp(nanoseconds: origin + Int64((time * 1e9).rounded())) }
}
