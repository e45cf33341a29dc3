import SerdAudio
import SerdPipeline
import SerdProtocol
import SerdServer

/// Events as a daemon with the EMO-DB labels would publish them, for tests of what is around it.
package enum SampleEvents {
  /// The daemon's first line, for a model that does not exist.
  package static let hello = Hello(
    program: Version.text,
    model: Hello.Model(
      name: "sample", sha256: String(repeating: "0", count: 64), corpora: ["EMO-DB"], terms: "research only"),
    labels: TestModels.labels, window: 2, hop: 0.512)

  /// A time so many seconds after the machine's start.
  package static func time(_ seconds: Double) -> Timestamp { Timestamp(nanoseconds: 0).advanced(bySeconds: seconds) }

  /// A microphone that is waited for.
  package static func waiting(
    _ obstacle: DeviceCondition.Obstacle = .missing, problem: String = "there is no such device"
  ) -> DeviceCondition {
    .waiting(
      DeviceCondition.Reason(obstacle, device: "plughw:CARD=Mic", problem: problem, advice: "plug it in"))
  }

  /// Listening to a microphone, or muted.
  package static func state(
    _ activity: StateEvent.Activity = .listening, device: DeviceCondition? = nil, emotion: StateEvent.Emotion? = nil,
    name: String = "plughw:CARD=Mic", level: Double = -30
  ) -> Event {
    let condition = StateEvent.Device(name: name, condition: device ?? waiting())
    var state = StateEvent(
      activity: activity, since: time(1), device: condition, isGateOpen: emotion != nil, emotion: emotion, level: level)
    if device == nil, activity != .waiting { (state.device.condition, state.device.reason) = ("capturing", nil) }
    return .state(state)
  }

  /// The begin or end of an emotion.
  package static func emotion(
    _ label: String = "anger", _ phase: EmotionEvent.Phase = .begin, id: String = "1-1", start: Double = 10
  ) -> Event {
    .emotion(
      EmotionEvent(
        id: id, label: label, probabilities: probabilities(label, 0.8765432), start: time(start),
        end: phase == .end ? time(start + 2.5) : nil, level: -23.456, speechRatio: 0.75))
  }

  /// A window with speech; its `start_s` is `number`, by which tests tell windows apart.
  package static func window(_ number: Int, label: String = "anger") -> Event {
    let answer = TestModels.labels.map { Float(probabilities(label)[$0]!) }
    return .window(
      WindowEvent(
        startSeconds: Double(number), start: time(Double(number)), end: time(Double(number) + 2),
        labels: TestModels.labels, probabilities: answer, level: -23.4, speechRatio: 0.75))
  }

  /// Hearing without a complaint, or with one.
  package static func health(_ condition: HealthEvent.Condition = .listening) -> Event {
    let isWell = condition == .listening
    return .health(
      HealthEvent(
        condition: condition, detail: isWell ? nil : "the sound is \(condition.rawValue)", time: time(2),
        gap: condition == .overrun ? 0.25 : nil))
  }

  /// A minute with some anger in it.
  package static func summary() -> Event {
    var accumulator = SummaryAccumulator(labels: TestModels.labels, start: time(0))
    let answer = TestModels.labels.map { Float(probabilities("anger")[$0]!) }
    accumulator.add(.speech(emotion: "anger", probabilities: answer), seconds: 15)
    accumulator.add(.silence, seconds: 30)
    return .summary(accumulator.finish(at: time(60)))
  }

  /// One of each kind of line that is an event.
  package static var all: [Event] {
    [
      state(), state(.waiting), state(.muted), emotion(), emotion("sadness", .end), window(1), health(),
      health(.overrun), summary(),
    ]
  }

  private static func probabilities(_ label: String, _ probability: Double = 0.8) -> [String: Double] {
    let rest = (1 - probability) / Double(TestModels.labels.count - 1)
    var answer = Dictionary(uniqueKeysWithValues: TestModels.labels.map { ($0, rest) })
    answer[label] = probability
    return answer
  }
}
