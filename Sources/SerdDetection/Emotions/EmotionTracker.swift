import Glibc

/// Turns what was heard hop by hop into emotions that begin and end.
///
/// Probabilities are smoothed over the windows that are full enough of speech. A label becomes the present one when its
/// smoothed probability is the largest and stays at or above its begin threshold for a minimum time; it ceases below
/// its end threshold, or when another label has qualified. Where it is a reported one, an emotion begins and ends with
/// it. Short pauses are bridged; a long one ends everything.
///
/// Start and end are placed in the stream, not where they were decided. A window is taken to show a change when half of
/// it does, so a change lies half a window before the end of the first window that showed it; but no speech is heard
/// before it began or after it ended, which the share of speech in the windows around a pause tells.
///
/// A pure value: it knows no clock, only the times of the hops, and no names of labels. No allocation, as long as
/// nobody keeps a decision's probabilities until the next decision. Not here: gate, windows, and what is made of the
/// decisions.
package struct EmotionTracker: Sendable {
  /// What is heard at present.
  package enum State: Equatable, Sendable {
    /// No speech.
    case quiet
    /// Speech, but no label is sure enough.
    case uncertain
    /// Speech that sounds like this label.
    case label(Int)
  }

  /// Times, and which windows count. New ones take effect with the next hop; what is under way goes on.
  package var settings: Settings { didSet { Self.check(settings, labels) } }
  /// Thresholds, one for each label of the model. New ones take effect likewise.
  package var labels: [Label] {
    didSet {
      precondition(labels.count == smoothed.count, "thresholds for \(labels.count) labels")
      Self.check(settings, labels)
    }
  }
  /// Length of a window in seconds.
  package let windowSeconds: Double
  /// Smoothed probabilities; all equal while nothing is known.
  package private(set) var smoothed: [Float]

  private var phase = Phase.quiet
  /// Sums of the smoothed probabilities over the present label's windows.
  private var sums: [Float]
  /// The probabilities of the last decisions, whose storage the next ones use again.
  private var beganProbabilities: [Float]
  private var endedProbabilities: [Float]
  private var lastID: UInt64 = 0
  private var lastHop = -Double.infinity
  /// Where the last emotion ended: none starts before it.
  private var lastEnd = -Double.infinity
  /// Hops before this begin no emotion.
  private var refractoryUntil = -Double.infinity

  /// A tracker that has heard nothing.
  package init(settings: Settings, labels: [Label], windowSeconds: Double) {
    Self.check(settings, labels)
    precondition(!labels.isEmpty && windowSeconds > 0, "a tracker needs labels and a window")
    self.settings = settings
    self.labels = labels
    self.windowSeconds = windowSeconds
    smoothed = Array(repeating: 1 / Float(labels.count), count: labels.count)
    sums = Array(repeating: 0, count: labels.count)
    beganProbabilities = sums
    endedProbabilities = sums
  }

  private static func check(_ settings: Settings, _ labels: [Label]) {
    let defect = settings.defect() ?? labels.lazy.compactMap { $0.defect() }.first
    precondition(defect == nil, "settings that cannot be used: \(defect ?? "")")
  }

  /// What is heard after the last hop.
  package var state: State {
    guard case .speech(let speech) = phase else { return .quiet }
    return speech.present.map { .label($0.label) } ?? .uncertain
  }

  /// Takes the next hop and says what it decides.
  package mutating func update(_ hop: Hop) -> EmotionDecisions {
    precondition(hop.end >= lastHop, "a hop at \(hop.end) s after one at \(lastHop) s")
    lastHop = hop.end
    guard let probabilities = hop.probabilities else { return EmotionDecisions(ended: pause(hop)) }
    precondition(probabilities.count == smoothed.count, "\(probabilities.count) probabilities")
    var speech = Speech(onset: hop.end - hop.speechRatio * windowSeconds)
    if case .speech(let known) = phase { speech = known }
    speech.pauseStart = nil
    var decisions = EmotionDecisions.none
    if hop.speechRatio >= settings.leastSpeech {
      let kept = speech.lastAsked.map { exp(-(hop.end - $0) / settings.smoothingTime) }
      smooth(probabilities, novelty: hop.novelty, keeping: kept ?? 0)
      speech.lastAsked = hop.end
      speech.rival = rival(of: speech, at: hop)
      decisions = decide(&speech, at: hop)
    } else if let asked = speech.lastAsked, hop.end - asked > settings.longestPause {
      // Words here and there: nothing is known of them.
      decisions.ended = speech.present.flatMap { finish($0, at: asked) }
      speech = Speech(onset: speech.onset)
      forgetProbabilities()
    }
    phase = .speech(speech)
    return decisions
  }

  /// Ends what is under way, as at a shutdown, when muted, or when sound was lost: nothing is heard after `time`.
  package mutating func close(at time: Double) -> EmotionDecision? {
    guard case .speech(let speech) = phase else { return nil }
    let ended = speech.present.flatMap { finish($0, at: min(time, speech.pauseStart ?? lastHop)) }
    forget()
    return ended
  }

  /// A window without speech: after a long enough pause, the end.
  private mutating func pause(_ hop: Hop) -> EmotionDecision? {
    guard case .speech(var speech) = phase else { return nil }
    // All that is not speech in the window is taken to lie at its end.
    let pauseStart = speech.pauseStart ?? hop.end - (1 - hop.speechRatio) * windowSeconds
    speech.pauseStart = pauseStart
    phase = .speech(speech)
    return hop.end - pauseStart > settings.longestPause ? close(at: pauseStart) : nil
  }

  private mutating func smooth(_ probabilities: [Float], novelty: Float, keeping kept: Double) {
    let kept = Float(kept)
    let isKnown = novelty <= settings.largestNovelty
    for i in smoothed.indices {
      let heard = isKnown ? probabilities[i] : 1 / Float(smoothed.count)
      smoothed[i] = kept * smoothed[i] + (1 - kept) * heard
    }
  }

  /// The label that may become the present one, and since when.
  private func rival(of speech: Speech, at hop: Hop) -> Rival? {
    let best = smoothed.indices.max { smoothed[$0] < smoothed[$1] }!
    guard smoothed[best] >= labels[best].begin, best != speech.present?.label else { return nil }
    if let rival = speech.rival, rival.label == best { return rival }
    return Rival(label: best, since: hop.end, start: max(speech.onset, hop.end - windowSeconds / 2))
  }

  private mutating func decide(_ speech: inout Speech, at hop: Hop) -> EmotionDecisions {
    var decisions = EmotionDecisions.none
    // Hops are sums of 0.512 s: rounding must not cost one.
    let confirmed = speech.rival.flatMap { hop.end - $0.since >= settings.minimumTime - 1e-6 ? $0 : nil }
    if let present = speech.present {
      if let confirmed {
        decisions.ended = finish(present, at: confirmed.start)
        speech.present = nil
      } else if smoothed[present.label] < labels[present.label].end {
        decisions.ended = finish(present, at: hop.end - windowSeconds / 2)
        speech.present = nil
      }
    }
    if speech.present == nil, let confirmed {
      let isReported = labels[confirmed.label].isReported
      if !isReported || hop.end >= refractoryUntil {
        speech.present = begin(confirmed, isReported: isReported)
        speech.rival = nil
        speech.present!.add(hop)
        for i in sums.indices { sums[i] = smoothed[i] }
        if isReported {
          for i in smoothed.indices { beganProbabilities[i] = smoothed[i] }
          decisions.began = decision(.began, speech.present!, probabilities: beganProbabilities)
        }
        return decisions
      }
    }
    if speech.present != nil {
      speech.present!.add(hop)
      for i in sums.indices { sums[i] += smoothed[i] }
    }
    return decisions
  }

  private mutating func begin(_ rival: Rival, isReported: Bool) -> Present {
    if isReported { lastID += 1 }
    return Present(label: rival.label, id: isReported ? lastID : nil, start: max(rival.start, lastEnd))
  }

  /// The decision that the present label ended, if it was reported.
  private mutating func finish(_ present: Present, at time: Double) -> EmotionDecision? {
    let end = max(present.start, time)
    lastEnd = max(lastEnd, end)
    guard present.id != nil else { return nil }
    refractoryUntil = lastHop + settings.refractoryTime - 1e-6
    for i in sums.indices { endedProbabilities[i] = sums[i] / Float(present.windows) }
    return decision(.ended, present, probabilities: endedProbabilities, end: end)
  }

  private func decision(
    _ kind: EmotionDecision.Kind, _ present: Present, probabilities: [Float], end: Double? = nil
  ) -> EmotionDecision {
    EmotionDecision(
      kind: kind, id: present.id!, label: present.label, confidence: probabilities[present.label],
      probabilities: probabilities, start: present.start, end: end,
      level: Float(present.levels / Double(present.windows)),
      speechRatio: present.ratios / Double(present.windows))
  }

  private mutating func forget() {
    phase = .quiet
    forgetProbabilities()
  }

  private mutating func forgetProbabilities() {
    for i in smoothed.indices { smoothed[i] = 1 / Float(smoothed.count) }
  }
}

extension EmotionTracker {
  private enum Phase: Sendable {
    /// No speech: nothing is remembered.
    case quiet
    /// Speech, or a short pause in it.
    case speech(Speech)
  }

  private struct Speech: Sendable {
    /// Where this stretch of speech began.
    var onset: Double
    /// End of the last window that was full enough to be asked.
    var lastAsked: Double?
    /// Where the speech stopped, during a pause.
    var pauseStart: Double?
    /// The label that would be the present one if it stayed.
    var rival: Rival?
    /// The label that is heard.
    var present: Present?
  }

  /// A label that is above its begin threshold, but not yet for long enough.
  private struct Rival: Sendable {
    let label: Int
    /// End of the first window that had it above.
    let since: Double
    /// Where it began, if it becomes the present one.
    let start: Double
  }

  /// The label that is heard, and sums over its windows.
  private struct Present: Sendable {
    let label: Int
    /// nil if it is not reported.
    let id: UInt64?
    let start: Double
    var windows = 0
    var levels = 0.0
    var ratios = 0.0

    mutating func add(_ hop: Hop) {
      windows += 1
      levels += Double(hop.level)
      ratios += hop.speechRatio
    }
  }
}
