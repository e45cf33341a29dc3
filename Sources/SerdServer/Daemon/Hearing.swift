import SerdAudio
import SerdDetection
import SerdNetwork
import SerdPipeline
import SerdProtocol

/// From what a live source delivers to events: the pipeline, the tracker, and what is known of device, signal and mute.
///
/// Two time lines meet here. The stream's counts the samples heard and the gaps between them, so that the same sound always makes
/// the same decisions; each reading of the source ties it to CLOCK_MONOTONIC, which is what events carry.
///
/// Not safe to share between threads. Not here: where readings come from, and who gets the events (`Daemon`).
package final class Hearing {
  private let labels: [String]
  private let windowSeconds: Double
  private let pipeline: WindowPipeline
  private let clock: EventClock
  private let emit: (Event) -> Void
  private var tracker: EmotionTracker
  private var ids: EmotionIDs
  private var summary: SummaryAccumulator
  private var timeLine: StreamTimeLine
  /// Shared with clients when they ask for it.
  package private(set) var numbers: DaemonNumbers
  package private(set) var state: StateEvent
  package private(set) var health: HealthEvent
  /// What is true of device and signal, whatever overruns are told meanwhile.
  private var lasting: (condition: HealthEvent.Condition, detail: String?)
  /// What the tracker heard last, and since when.
  private var heard: (state: EmotionTracker.State, since: Timestamp)
  /// The event of the emotion that is under way.
  private var open: EmotionEvent?
  private var isMuted = false
  private var hasCaptured = false

  /// - Parameters:
  ///   - device: what is listened to, as configured.
  ///   - emit: gets every event, in order.
  package init(
    classifier: any WindowClassifier, gate: SpeechGate.Settings, tracker settings: EmotionTracker.Settings,
    device: String, clock: EventClock, emit: @escaping (Event) -> Void
  ) {
    let model = classifier.model.description
    labels = model.labels
    windowSeconds = model.windowSeconds
    pipeline = WindowPipeline(classifier: classifier, gate: gate)
    tracker = EmotionTracker(settings: settings, windowSeconds: windowSeconds)
    ids = EmotionIDs(clock: clock)
    let now = clock.now
    summary = SummaryAccumulator(labels: labels, start: now)
    timeLine = StreamTimeLine(start: now)
    numbers = DaemonNumbers(started: now)
    let reason = "it was not opened yet"
    state = StateEvent(
      activity: .waiting, since: now,
      device: StateEvent.Device(name: device, condition: .waiting(.missing, reason: reason)), isGateOpen: false,
      level: -200)
    lasting = (.noDevice, reason)
    health = HealthEvent(condition: .noDevice, detail: reason, time: now)
    heard = (.quiet, now)
    self.clock = clock
    self.emit = emit
  }

  /// Tells where things stand: the first events of a daemon.
  package func begin() {
    emit(.state(state))
    emit(.health(health))
  }

  /// Takes the next reading; `buffer` holds its samples.
  package func take(_ reading: LiveReading, _ buffer: UnsafeBufferPointer<Float>) {
    switch reading {
    case .samples(let count, let heardAt): hear(UnsafeBufferPointer(rebasing: buffer[..<count]), heardAt)
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
    isMuted = mute
    interrupt()
    // Worked out first: the state must not be read while it is being changed.
    let activity = activity
    update { $0.activity = activity }
  }

  /// Uses other settings from the next hop on.
  package func apply(gate: SpeechGate.Settings, tracker settings: EmotionTracker.Settings) {
    pipeline.apply(gate: gate)
    tracker.settings = settings
  }

  /// Sends the summary of the time since the last one.
  package func summarise() { emit(.summary(summary.finish(at: clock.now))) }

  /// When the next summary began.
  package var summaryStart: Timestamp { summary.start }

  /// Ends what is under way: the last events of a daemon.
  package func finish() {
    interrupt()
    summarise()
  }
}

// What is heard.
extension Hearing {
  private func hear(_ samples: UnsafeBufferPointer<Float>, _ heardAt: Int64) {
    timeLine.hear(samples.count, until: heardAt)
    guard !isMuted else { return }
    let before = clock.monotonic()
    pipeline.push(samples) { decide($0) }
    numbers.inference += Double(clock.monotonic() - before) / 1e9
  }

  /// One hop: a window ended.
  private func decide(_ window: WindowResult) {
    let end = timeLine.streamTime(ofPipeline: window.start + windowSeconds)
    let endTime = timeLine.timestamp(end)
    count(window)
    let decisions = tracker.update(
      Hop(
        end: end, probabilities: window.probabilities, level: window.level, speechRatio: window.openShare,
        novelty: window.novelty ?? 0))
    if let ended = decisions.ended { report(ended) }
    if let began = decisions.began { report(began) }
    note(tracker.state, at: decisions.began.map { timeLine.timestamp($0.start) } ?? endTime)
    if health.condition == .overrun { tell(lasting.condition, lasting.detail) }
    update {
      $0.isGateOpen = window.probabilities != nil
      $0.level = Rounded.level(Double(window.level))
      $0.emotion = presentEmotion
    }
    emit(.window(WindowEvent(window, labels: labels, start: endTime.advanced(bySeconds: -windowSeconds), end: endTime)))
  }

  private func count(_ window: WindowResult) {
    numbers.windows += 1
    guard let probabilities = window.probabilities else {
      return summary.add(.silence, seconds: pipeline.hopSeconds)
    }
    numbers.speechWindows += 1
    summary.add(
      .speech(emotion: presentEmotion?.label, probabilities: probabilities), seconds: pipeline.hopSeconds)
  }

  private func report(_ decision: EmotionDecision) {
    let began = decision.kind == .began
    let event = EmotionEvent(
      phase: began ? .begin : .end, id: began ? ids.next() : open?.id ?? ids.next(), label: labels[decision.label],
      confidence: Double(decision.confidence),
      probabilities: Dictionary(uniqueKeysWithValues: zip(labels, decision.probabilities.map(Double.init))),
      start: timeLine.timestamp(decision.start), end: decision.end.map(timeLine.timestamp),
      level: Double(decision.level), speechRatio: decision.speechRatio)
    open = began ? event : nil
    numbers.lastEmotion = event
    if began { numbers.emotions[event.label, default: 0] += 1 }
    emit(.emotion(event))
  }

  private func note(_ new: EmotionTracker.State, at time: Timestamp) {
    if new != heard.state { heard = (new, time) }
  }

  private var presentEmotion: StateEvent.Emotion? {
    switch heard.state {
    case .quiet: nil
    case .uncertain: StateEvent.Emotion(label: StateEvent.Emotion.uncertain, id: nil, since: heard.since)
    case .label(let label): StateEvent.Emotion(label: labels[label], id: open?.id, since: open?.start ?? heard.since)
    }
  }
}

// What happens to the sound.
extension Hearing {
  private var activity: StateEvent.Activity {
    isMuted ? .muted : state.device.isCapturing ? .listening : .waiting
  }

  /// Nothing that is heard from now on follows what was heard before.
  private func interrupt() {
    if let ended = tracker.close(at: timeLine.now) { report(ended) }
    note(tracker.state, at: timeLine.timestamp(timeLine.now))
    timeLine.restart()
    pipeline.restart()
    update {
      $0.isGateOpen = false
      $0.emotion = presentEmotion
    }
  }

  private func lose(_ gap: Gap) {
    interrupt()
    timeLine.skip(gap.seconds)
    numbers.gap += gap.seconds
    switch gap.cause {
    case .overrun:
      numbers.overruns += 1
      tell(.overrun, "sound was lost: this machine was too busy or asleep", gap: gap.seconds)
    case .deviceLost: tell(lasting.condition, lasting.detail, gap: gap.seconds)
    }
  }

  private func change(_ condition: DeviceCondition) {
    let device = StateEvent.Device(name: state.device.name, condition: condition)
    if device.isCapturing {
      if hasCaptured { numbers.reopens += 1 }
      hasCaptured = true
    } else if state.device.isCapturing {
      interrupt()
    }
    update {
      $0.device = device
      $0.activity = isMuted ? .muted : device.isCapturing ? .listening : .waiting
    }
    tell(device.isCapturing ? .listening : .noDevice, device.reason)
  }

  private func change(_ signal: SignalCondition) {
    switch signal {
    case .normal: tell(.listening)
    case .flat: tell(.noSignal, "the microphone delivers no sound: is it muted, or its gain at zero? (alsamixer)")
    case .clipping: tell(.clipping, "the sound is often at full scale: lower the microphone's gain (alsamixer)")
    }
  }

  private func tell(_ condition: HealthEvent.Condition, _ detail: String? = nil, gap: Double? = nil) {
    if condition != .overrun { lasting = (condition, detail) }
    health = HealthEvent(condition: condition, detail: detail, time: clock.now, gap: gap)
    emit(.health(health))
  }

  /// Changes the state, and tells if it is another one.
  private func update(_ change: (inout StateEvent) -> Void) {
    let before = state
    change(&state)
    if state.activity != before.activity { state.since = clock.now }
    if state != before { emit(.state(state)) }
  }
}
