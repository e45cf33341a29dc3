import SerdAudio
import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdProtocol

/// From what a live source delivers to events: joins the pipeline with what is heard (`EmotionReporter`), how hearing
/// fares (`HealthReporter`) and what is counted (`HearingCounts`).
///
/// Two time lines meet here. The stream's counts the samples heard and the gaps between them, so that the same sound
/// always makes the same decisions; each reading of the source ties it to CLOCK_MONOTONIC, which is what events carry.
///
/// Not safe to share between threads. Not here: where readings come from, and who gets the events (`Daemon`).
package final class Hearing {
  /// What is lost counts while it is being lost, but for so much: the device's buffer may still hold it, and a count
  /// does not go back.
  private static let bufferSeconds = 1.0
  /// The level while nothing is heard.
  private static let noLevel = -200.0

  private let labels: [String]
  private let windowSeconds: Double
  private let pipeline: WindowPipeline
  private let clock: EventClock
  private let emit: (Event) -> Void
  private var timeLine: StreamTimeLine
  private var emotions: EmotionReporter
  private var reportedHealth: HealthReporter
  private var counts: HearingCounts
  /// Until when sound was heard, while there is none: what is lost is counted while it is being lost.
  private var silentSince: Timestamp?
  /// What clients were told last: listening, waiting or muted, and how the sound is.
  package private(set) var state: StateEvent

  /// - Parameters:
  ///   - hopFrames: from one window to the next; nil for the model's own.
  ///   - device: what is listened to, as configured.
  ///   - emit: gets every event, in order.
  package init(
    classifier: any WindowClassifier, transform: TransformKind, gate: SpeechGate.Settings,
    hopFrames: Int? = nil, emotions settings: EmotionTracker.Settings, device: String, clock: EventClock,
    emit: @escaping (Event) -> Void
  ) {
    let model = classifier.description
    labels = model.labels
    windowSeconds = model.windowSeconds
    pipeline = WindowPipeline(classifier: classifier, transform: transform, gate: gate, hopFrames: hopFrames)
    self.clock = clock
    self.emit = emit
    let now = clock.now
    timeLine = StreamTimeLine(start: now)
    emotions = EmotionReporter(
      settings: settings, labels: labels, windowSeconds: windowSeconds, ids: EmotionIDs(clock: clock))
    counts = HearingCounts(labels: labels, start: now)
    let reason = "it was not opened yet"
    reportedHealth = HealthReporter(noDevice: reason, at: now)
    state = StateEvent(
      activity: .waiting, since: now,
      device: StateEvent.Device(
        name: device, condition: DeviceCondition.Obstacle.missing.rawValue, reason: reason), isGateOpen: false,
      level: Self.noLevel)
  }

  /// The latest health.
  package var health: HealthEvent { reportedHealth.latest }

  /// For clients that ask.
  package var numbers: DaemonNumbers {
    var numbers = counts.numbers
    if let silentSince { numbers.gap += max(0, clock.now.seconds - silentSince.seconds - Self.bufferSeconds) }
    numbers.speaker = pipeline.speakerSeconds
    return numbers
  }

  /// What is known of the speaker, to be kept; nil if the model follows nobody.
  package var speaker: SpeakerRecord? { pipeline.speaker?.record }

  /// Goes on with what was kept of a speaker; false if it is of another model.
  package func restore(_ speaker: SpeakerRecord) -> Bool { pipeline.speaker?.restore(speaker) ?? false }

  /// When the next summary began.
  package var summaryStart: Timestamp { counts.summaryStart }

  /// Tells where things stand: the first events of a daemon.
  package func begin() {
    emit(.state(state))
    emit(.health(health))
  }

  /// Takes the next reading, with its samples.
  package func take(_ reading: LiveReading, _ samples: UnsafeBufferPointer<Float>) {
    switch reading {
    case .samples(_, let heardAt): hear(samples, heardAt)
    case .gap(let gap): lose(gap)
    case .device(let condition): change(condition)
    case .signal(let signal): change(signal)
    case .nothing: break
    case .ended: pipeline.finish { decide($0) }
    }
  }

  /// Stops analysing, or starts again; everybody sees it.
  package func mute(_ mute: Bool) {
    guard mute != isMuted else { return }
    interrupt()
    update { $0.activity = mute ? .muted : $0.device.isCapturing ? .listening : .waiting }
  }

  /// Uses other settings from the next hop on.
  package func apply(gate: SpeechGate.Settings, emotions settings: EmotionTracker.Settings) {
    pipeline.apply(gate: gate)
    emotions.apply(settings)
  }

  /// Sends the summary of the time since the last one.
  package func summarise() { emit(.summary(counts.finishSummary(at: clock.now))) }

  /// Ends what is under way: the last events of a daemon.
  package func finish() {
    interrupt()
    summarise()
  }
}

// What is heard.
extension Hearing {
  private func hear(_ samples: UnsafeBufferPointer<Float>, _ heardAt: Int64) {
    silentSince = nil
    timeLine.hear(samples.count, until: heardAt)
    guard !isMuted else { return }
    let before = clock.monotonic()
    pipeline.push(samples) { decide($0) }
    counts.countInference(seconds: Double(clock.monotonic() - before) / 1e9)
  }

  /// One hop: a window ended.
  private func decide(_ window: WindowResult) {
    let end = timeLine.streamTime(ofPipeline: window.start + windowSeconds)
    let endTime = timeLine.timestamp(end)
    counts.note(offset: pipeline.offset)
    counts.count(window, emotion: emotions.present?.label, seconds: pipeline.hopSeconds)
    let hop = Hop(
      end: end, probabilities: window.probabilities, level: window.level, speechRatio: window.openShare,
      novelty: window.novelty ?? 0)
    for event in emotions.update(hop, on: timeLine) { tell(event) }
    if let event = reportedHealth.endOfOverrun(at: clock.now) { emit(.health(event)) }
    update {
      $0.isGateOpen = window.probabilities != nil
      $0.level = Rounded.level(Double(window.level))
      $0.emotion = emotions.present
    }
    emit(.window(WindowEvent(window, labels: labels, start: endTime.advanced(bySeconds: -windowSeconds), end: endTime)))
  }

  private func tell(_ event: EmotionEvent) {
    counts.count(event)
    emit(.emotion(event))
  }
}

// What happens to the sound.
extension Hearing {
  private var isMuted: Bool { state.activity == .muted }

  /// Nothing that is heard from now on follows what was heard before.
  private func interrupt() {
    if let ended = emotions.close(on: timeLine) { tell(ended) }
    timeLine.restart()
    pipeline.restart()
    update {
      $0.isGateOpen = false
      $0.emotion = emotions.present
    }
  }

  private func lose(_ gap: Gap) {
    interrupt()
    silentSince = nil
    timeLine.skip(gap.seconds)
    counts.count(gap)
    switch gap.cause {
    case .overrun: emit(.health(reportedHealth.overrun(gap: gap.seconds, at: clock.now)))
    case .deviceLost: emit(.health(reportedHealth.repeated(gap: gap.seconds, at: clock.now)))
    }
  }

  private func change(_ condition: DeviceCondition) {
    let device = StateEvent.Device(name: state.device.name, condition: condition)
    if device.isCapturing {
      counts.countOpening()
    } else if state.device.isCapturing {
      interrupt()
    }
    if !device.isCapturing, silentSince == nil { silentSince = timeLine.timestamp(timeLine.now) }
    update {
      $0.device = device
      if !device.isCapturing { $0.level = Self.noLevel }
      if $0.activity != .muted { $0.activity = device.isCapturing ? .listening : .waiting }
    }
    tell(device.isCapturing ? .listening : .noDevice, device.reason)
  }

  private func change(_ signal: SignalCondition) {
    switch signal {
    case .normal: tell(.listening)
    case .flat: tell(.noSignal, "the microphone delivers no sound: is it muted, or its gain at zero? (alsamixer)")
    case .cancelling:
      tell(
        .listening,
        "the channels cancel each other (opposite phase), so one alone is heard; better choose it in [audio]: channel = 1"
      )
    case .clipping: tell(.clipping, "the sound is often at full scale: lower the microphone's gain (alsamixer)")
    }
  }

  private func tell(_ condition: HealthEvent.Condition, _ detail: String? = nil) {
    emit(.health(reportedHealth.tell(condition, detail, at: clock.now)))
  }

  /// Changes the state, and tells if it is another one.
  private func update(_ change: (inout StateEvent) -> Void) {
    var new = state
    change(&new)
    guard new != state else { return }
    if new.activity != state.activity { new.since = clock.now }
    state = new
    emit(.state(state))
  }
}
