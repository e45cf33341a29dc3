import SerdAudio
import SerdPipeline
import SerdProtocol

/// Counts what is heard: for `status`, metrics and the summary.
struct HearingCounts {
  private(set) var numbers: DaemonNumbers
  private var summary: SummaryAccumulator
  /// How often a device began to deliver sound.
  private var openings = 0

  init(labels: [String], start: Timestamp) {
    numbers = DaemonNumbers(started: start)
    summary = SummaryAccumulator(labels: labels, start: start)
  }

  /// When the next summary began.
  var summaryStart: Timestamp { summary.start }

  /// The summary up to `end`, and a new start there.
  mutating func finishSummary(at end: Timestamp) -> SummaryEvent { summary.finish(at: end) }

  /// A hop of so many seconds, while this emotion was present.
  mutating func count(_ window: WindowResult, emotion: String?, seconds: Double) {
    numbers.windows += 1
    guard let probabilities = window.probabilities else { return summary.add(.silence, seconds: seconds) }
    numbers.speechWindows += 1
    summary.add(.speech(emotion: emotion, probabilities: probabilities), seconds: seconds)
  }

  mutating func count(_ event: EmotionEvent) {
    numbers.lastEmotion = event
    if event.phase == .begin { numbers.emotions[event.label, default: 0] += 1 }
  }

  mutating func count(_ gap: Gap) {
    numbers.gap += gap.seconds
    if gap.cause == .overrun { numbers.overruns += 1 }
  }

  /// A device delivers sound, for the first time or again.
  mutating func countOpening() {
    openings += 1
    numbers.reopens = openings - 1
  }

  /// What is constant in the samples, as a share of full scale.
  mutating func note(offset: Float) { numbers.offset = Rounded.share(Double(offset)) }

  mutating func countInference(seconds: Double) { numbers.inference += seconds }
}
