import Glibc
import SerdProtocol
import SerdTestKit
import SerdWeb
import Testing

/// What is kept of a daemon's lines, whatever happens in between. The tests' two clocks are set by hand: the wall clock
/// began at `epoch` when the monotonic one stood at 0.
@Suite struct HistoryTests {
  private static let epoch: Int64 = 1_800_000_000_000
  private let folder: ScratchFolder
  private let store: HistoryStore

  init() throws {
    folder = try ScratchFolder()
    store = try HistoryStore(path: "\(folder.path)/history.sqlite")
  }

  /// A moment; `ahead` is how far the wall clock was set since.
  private func moment(_ seconds: Double, ahead: Double = 0) -> HistoryRecorder.Moment {
    HistoryRecorder.Moment(
      utc: Self.epoch + Int64((seconds + ahead) * 1000), monotonic: Int64(seconds * 1_000_000_000))
  }

  /// The event as a line, written at a time, and read again: so times have both clocks.
  private func message(_ event: Event, ahead: Double = 0) -> ReceivedLine.Message {
    let offset = (Self.epoch + Int64(ahead * 1000)) * 1_000_000
    let clock = EventClock(monotonic: { 0 }, realtime: { offset })
    let line = LineEncoder(clock: clock).content(event).line(seq: 1).dropLast()
    return ReceivedLine(text: String(decoding: line, as: UTF8.self)).message
  }

  private func state(
    gate: Bool = false, _ activity: StateEvent.Activity = .listening,
    emotion: (String, id: String, since: Double)? = nil
  ) -> Event {
    let device = StateEvent.Device(name: "mic", condition: "capturing", reason: nil)
    let present = emotion.map { StateEvent.Emotion(label: $0.0, id: $0.id, since: SampleEvents.time($0.since)) }
    return .state(
      StateEvent(
        activity: activity, since: SampleEvents.time(0), device: device, isGateOpen: gate, emotion: present, level: -30)
    )
  }

  /// What is kept, in seconds after `epoch`.
  private func spans() throws -> [String] {
    var spans: [String] = []
    try store.spans(from: 0, to: .max / 2) {
      spans.append("\($0.kind.name) \(seconds($0.start)) \(seconds($0.end))")
    }
    return spans
  }

  private func emotions() throws -> [String] {
    var emotions: [String] = []
    try store.emotions(from: 0, to: .max / 2, limit: .max) {
      emotions.append("\($0.id) \($0.label) \(seconds($0.start)) \(seconds($0.end))\($0.isEndHeard ? "" : " …")")
    }
    return emotions
  }

  private func seconds(_ time: Int64) -> Double { Double(time - Self.epoch) / 1000 }

  @Test("Speech, silence, mute and a missing microphone follow each other without a gap")
  func kinds() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state()), at: moment(1))
    try recorder.take(message(state(gate: true)), at: moment(5))
    try recorder.take(message(state(.muted)), at: moment(7))
    try recorder.take(message(state(.waiting)), at: moment(8))
    try recorder.take(message(state()), at: moment(9))
    try recorder.take(message(SampleEvents.health(.noSignal)), at: moment(10))
    try recorder.tick(at: moment(20))
    #expect(
      try spans() == [
        "silence 1.0 5.0", "speech 5.0 7.0", "muted 7.0 8.0", "not heard 8.0 9.0", "silence 9.0 10.0",
        "not heard 10.0 20.0",
      ])
  }

  @Test("Time without a connection is not recorded; what a state says again is not doubled")
  func reconnection() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state(gate: true, emotion: ("anger", "1-1", 1))), at: moment(2))
    try recorder.take(message(SampleEvents.emotion("anger", .begin, id: "1-1", start: 1)), at: moment(2))
    try recorder.disconnect(at: moment(3))
    try recorder.take(message(state(gate: true, emotion: ("anger", "1-1", 1))), at: moment(5))
    try recorder.take(message(SampleEvents.emotion("anger", .end, id: "1-1", start: 1)), at: moment(6))
    try recorder.take(message(SampleEvents.emotion("anger", .end, id: "1-1", start: 1)), at: moment(6))
    try recorder.disconnect(at: moment(7))
    #expect(try spans() == ["speech 2.0 3.0", "speech 5.0 7.0"])
    #expect(try emotions() == ["1-1 anger 1.0 3.5"])
  }

  @Test("An emotion whose end was not heard ends where it was last known, and is marked")
  func cutOff() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state(gate: true)), at: moment(1))
    try recorder.take(message(SampleEvents.emotion("fear", .begin, id: "1-1", start: 2)), at: moment(4))
    // The daemon is gone, and another one comes.
    try recorder.disconnect(at: moment(9))
    try recorder.take(message(state()), at: moment(30))
    try recorder.tick(at: moment(40))
    #expect(try emotions() == ["1-1 fear 2.0 9.0 …"])
  }

  @Test("After this program was killed, what it knew is there, and an emotion that goes on is the same")
  func killed() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state(gate: true)), at: moment(1))
    try recorder.take(message(SampleEvents.emotion("fear", .begin, id: "1-1", start: 2)), at: moment(4))
    try recorder.tick(at: moment(10))
    // Nothing is said of the end; the next program opens the same file.
    var next = HistoryRecorder(store: try HistoryStore(path: "\(folder.path)/history.sqlite"))
    try next.take(message(state(gate: true, emotion: ("fear", "1-1", 2))), at: moment(15))
    try next.tick(at: moment(20))
    #expect(try emotions() == ["1-1 fear 2.0 20.0 …"])
    #expect(try spans() == ["speech 1.0 10.0", "speech 15.0 20.0"])
  }

  @Test("A clock that is set back makes nothing longer, shorter or negative")
  func clockSetBack() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state(gate: true)), at: moment(10_000))
    try recorder.take(message(SampleEvents.emotion("fear", .begin, id: "1-1", start: 10_001)), at: moment(10_002))
    try recorder.tick(at: moment(10_010, ahead: -3600))
    let end = SampleEvents.emotion("fear", .end, id: "1-1", start: 10_001)
    try recorder.take(message(end, ahead: -3600), at: moment(10_011, ahead: -3600))
    try recorder.tick(at: moment(10_020, ahead: -3600))
    #expect(try emotions() == ["1-1 fear 10001.0 10003.5"])
    #expect(try spans() == ["speech 6410.0 6420.0", "speech 10000.0 10010.0"])
  }

  @Test("While the machine sleeps nothing is recorded")
  func sleep() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state()), at: moment(10))
    try recorder.tick(at: moment(20))
    // The monotonic clock stood still for an hour.
    try recorder.tick(at: moment(25, ahead: 3600))
    try recorder.tick(at: moment(30, ahead: 3600))
    #expect(try spans() == ["silence 10.0 25.0", "silence 3625.0 3630.0"])
  }

  @Test("A piece of time is at most an hour long, so that a day is read without the days before")
  func longSilence() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state()), at: moment(0))
    for minute in 1...150 { try recorder.tick(at: moment(Double(minute) * 60)) }
    #expect(try spans() == ["silence 0.0 3600.0", "silence 3600.0 7200.0", "silence 7200.0 9000.0"])
  }

  @Test("What is deleted is gone, also what goes on; what lies around it stays, and recording goes on")
  func deletion() throws {
    var recorder = HistoryRecorder(store: store)
    try recorder.take(message(state(gate: true)), at: moment(0))
    try recorder.take(message(SampleEvents.emotion("fear", .begin, id: "1-1", start: 2)), at: moment(3))
    try recorder.take(message(SampleEvents.emotion("fear", .end, id: "1-1", start: 2)), at: moment(5))
    try recorder.take(message(SampleEvents.emotion("anger", .begin, id: "1-2", start: 50)), at: moment(51))
    try recorder.delete(from: Self.epoch + 20_000, to: Self.epoch + 60_000, at: moment(60))
    try recorder.take(message(SampleEvents.emotion("anger", .end, id: "1-2", start: 50)), at: moment(61))
    try recorder.tick(at: moment(70))
    #expect(try emotions() == ["1-1 fear 2.0 4.5"])
    #expect(try spans() == ["speech 0.0 20.0", "speech 60.0 70.0"])
    try recorder.delete(from: Self.epoch + 5000, to: Self.epoch + 10_000, at: moment(70))
    #expect(try spans() == ["speech 0.0 5.0", "speech 10.0 20.0", "speech 60.0 70.0", "speech 70.0 70.0"])
  }

  @Test("Old days go, and the oldest of a history that is too large; the present day stays")
  func tidying() throws {
    let day: Int64 = 86_400_000
    for number in 0..<30 {
      let start = Self.epoch + Int64(number) * day
      try store.together { () throws(HistoryError) in
        for index in 0..<400 {
          try store.put(
            HistoryStore.Emotion(
              id: "\(number)-\(index)", label: "anger", start: start + Int64(index), end: start + 1000, confidence: 0.5,
              level: -20, isEndHeard: true))
        }
      }
    }
    let now = Self.epoch + 29 * day + 1000
    try store.tidy(now: now, days: 20, largestSize: 1 << 40)
    #expect(try emotions().count == 400 * 20)
    let size = try store.size()
    try store.tidy(now: now, days: 20, largestSize: size / 2)
    let rest = try emotions()
    #expect(try store.size() <= size / 2 && rest.count < 400 * 11 && rest.count > 400 * 5)
    try store.tidy(now: now, days: 20, largestSize: 1)
    #expect(try emotions().count == 400)
  }

  @Test("A file of a newer program, and one that is no history, are left as they are")
  func foreign() throws {
    let path = try folder.write("other", [UInt8](repeating: 97, count: 2000))
    let error = thrown(HistoryError.self) { try HistoryStore(path: path) }
    #expect(error?.description.contains("is damaged, or no history") == true)
    let newer = "\(folder.path)/newer"
    do {
      let database = try Database(path: newer)
      try database.run("PRAGMA user_version = 99")
    }
    #expect(throws: HistoryError.self) { try HistoryStore(path: newer) }
    #expect(throws: HistoryError.self) { try HistoryStore(path: "\(folder.path)/none", isReadOnly: true) }
  }

  @Test("The file is its owner's alone")
  func mode() {
    var status = stat()
    #expect(stat("\(folder.path)/history.sqlite", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("A place that cannot be written is a state with words, and is tried again")
  func keeper() throws {
    var settings = WebSettings()
    settings.historyFile = "\(folder.path)/missing/deep/history.sqlite"
    var keeper = HistoryKeeper(settings: settings)
    keeper.tick(now: moment(0))
    #expect(keeper.problem?.contains("cannot be written") == true)
    mkdir("\(folder.path)/missing", 0o700)
    keeper.tick(now: moment(5))
    #expect(keeper.problem != nil)
    keeper.tick(now: moment(11))
    #expect(keeper.problem == nil && keeper.store != nil)
  }
}
