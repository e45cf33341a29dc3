import Glibc
import SerdAudio
import SerdSystem
import SerdTestKit
import Testing

/// All that goes wrong with a microphone is reported, in order, and ends well.
@Suite struct MicrophoneFaultTests {
  private let sound = pcm16(noise(16_000, amplitude: 0.2))

  private func listen(to microphone: FaultyMicrophone) throws -> Listener {
    Listener(try MicrophoneSource(device: microphone.device, longestWait: .seconds(1), folder: microphone.folder))
  }

  @Test("A device that is missing at the start is waited for, and the wait is reported as a gap")
  func missingAtStart() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true, isPlugged: false)
    let start = MonotonicClock.now
    let listener = try listen(to: microphone)
    let reason = try listener.obstacle()
    #expect(reason.obstacle == .missing)
    #expect(reason.advice.contains("serd devices") && !reason.description.contains("\n"), "\(reason)")
    #expect(listener.samples.isEmpty)
    try microphone.plug()
    try listener.capturing()
    let gap = try listener.gap()
    #expect(gap.cause == .deviceLost)
    #expect(listener.samples.isEmpty, "the gap comes before the samples that follow it")
    #expect(gap.seconds > 0 && gap.seconds <= Double(MonotonicClock.now - start) / 1e9)
    try listener.read(samples: 1_000)
  }

  @Test(
    "What is in the way of opening is told apart, once, and tried again",
    arguments: [
      (EBUSY, DeviceCondition.Obstacle.busy, "serd doctor; then end that program"), (EACCES, .denied, "group audio"),
      (EPERM, .denied, "DeviceAllow="), (EINVAL, .failed, "check its name"), (ECONNREFUSED, .missing, "start it"),
      (EPIPE, .failed, "it is there, and fails (Broken pipe); plug it in again"), (EIO, .failed, "plug it in again"),
    ])
  func obstacles(code: Int32, expected: DeviceCondition.Obstacle, advice: String) throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    try microphone.set(.opening, code: code)
    let listener = try listen(to: microphone)
    let reason = try listener.obstacle()
    #expect(reason.obstacle == expected && reason.description.contains(advice), "\(reason)")
    #expect(reason.description == "\(microphone.device): \(reason.problem); \(reason.advice)")
    #expect(!reason.description.contains("\n"), "\(reason)")
    while microphone.openings < 3 { listener.read(timeout: .milliseconds(10)) }
    #expect(listener.events.count == 1, "\(listener.events)")
    try microphone.clear(.opening)
    try listener.capturing()
    try listener.gap()
  }

  @Test("A node that appeared just now and is not to be opened yet is waited for without a word")
  func notReadyYet() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true, isPlugged: false)
    let listener = try listen(to: microphone)
    #expect(try listener.obstacle().obstacle == .missing)
    let node = "\(microphone.folder)/pcmC0D0c"
    close(open(node, O_CREAT | O_WRONLY, 0o600))
    try microphone.set(.opening, code: EACCES)
    try microphone.plug()
    let openings = microphone.openings
    while microphone.openings < openings + 2 { listener.read(timeout: .milliseconds(10)) }
    chmod(node, 0o660)
    try microphone.clear(.opening)
    try listener.capturing()
    #expect(listener.events.count == 2, "\(listener.events)")
  }

  @Test("A refusal that lasts is told, though the node is new")
  func refusedForGood() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    close(open("\(microphone.folder)/controlC0", O_CREAT | O_WRONLY, 0o600))
    try microphone.set(.opening, code: EACCES)
    let listener = try listen(to: microphone)
    #expect(try listener.obstacle().obstacle == .denied)
    #expect(microphone.openings > 1 && listener.events.count == 1)
  }

  @Test("A device that opens and delivers nothing never captures; it is told once, and said to be there")
  func silent() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    try microphone.set(.stalled)
    let listener = try listen(to: microphone)
    let reason = try listener.obstacle()
    #expect(reason.obstacle == .silent && reason.problem == "it is there, and delivers no samples", "\(reason)")
    let openings = microphone.openings
    while microphone.openings < openings + 2 { listener.read(timeout: .milliseconds(10)) }
    #expect(listener.events.count == 1, "\(listener.events)")
    try microphone.clear(.stalled)
    try listener.capturing()
    #expect(try listener.gap().seconds > 2)
  }

  @Test("A device without a format that is read is not one that fails")
  func unsuitable() throws {
    let microphone = try FaultyMicrophone(sound: sound, format: "U8 16000 1")
    let listener = try listen(to: microphone)
    let reason = try listener.obstacle()
    #expect(reason.obstacle == .unsuitable && reason.advice.contains("plughw:"), "\(reason)")
  }

  @Test("A refusal for another reason is told, too: first the node's group, then a device policy")
  func otherReason() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    try microphone.set(.opening, code: EACCES)
    let listener = try listen(to: microphone)
    #expect(try listener.obstacle().advice.contains("group audio"))
    try microphone.set(.opening, code: EPERM)
    #expect(try listener.obstacle().problem.contains("DeviceAllow="))
  }

  @Test("An unplugged device is lost, and captured again as soon as it is back")
  func unplugged() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let listener = try listen(to: microphone)
    try listener.read(samples: 2_000)
    let heardAt = try #require(listener.heardAt)
    try microphone.unplug()
    #expect(try listener.obstacle().obstacle == .lost)
    // A lost device that is not found again is still lost, not missing.
    let openings = microphone.openings
    while microphone.openings < openings + 2 { listener.read(timeout: .milliseconds(10)) }
    try microphone.plug()
    try listener.capturing()
    let gap = try listener.gap()
    let count = listener.samples.count
    try listener.read(samples: count + 1)
    let later = try #require(listener.heardAt)
    let seconds = Double(listener.samples.count - count) / 16_000
    #expect(gap.cause == .deviceLost)
    #expect(
      abs(Double(later - heardAt) / 1e9 - seconds - gap.seconds) < 0.2, "times and gap agree, but for what was read on")
    #expect(listener.events.count == 4, "\(listener.events)")
  }

  @Test("Of fifty times that it is unplugged, each is one loss, one return and one gap")
  func manyTimes() throws {
    let microphone = try FaultyMicrophone(sound: sound, speed: 10, loops: true)
    let listener = try listen(to: microphone)
    try listener.capturing()
    for _ in 0..<50 {
      try listener.read(samples: listener.samples.count + 1)
      try microphone.unplug()
      #expect(try listener.obstacle().obstacle == .lost)
      try microphone.plug()
      try listener.capturing()
      #expect(try listener.gap().cause == .deviceLost)
    }
    #expect(listener.events.count == 151)
  }

  @Test("A device that fails with an error number is opened anew", arguments: [EIO, EBADF])
  func fails(code: Int32) throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let listener = try listen(to: microphone)
    try listener.read(samples: 1_000)
    try microphone.set(.error, code: code)
    #expect(try listener.obstacle().obstacle == .lost)
    try microphone.clear(.error)
    try listener.capturing()
    #expect(try listener.gap().cause == .deviceLost)
    try listener.read(samples: listener.samples.count + 1_000)
  }

  @Test("A device that says nothing any more is opened anew")
  func stalls() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let listener = try listen(to: microphone)
    try listener.read(samples: 1_000)
    try microphone.set(.stalled)
    #expect(try listener.obstacle().obstacle == .silent)
    try microphone.clear(.stalled)
    try listener.capturing()
    #expect(try listener.gap().seconds > 1)
  }

  @Test("After an xrun capturing goes on, and the gap is reported")
  func overruns() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let listener = try listen(to: microphone)
    for _ in 0..<3 {
      try listener.read(samples: listener.samples.count + 1_000)
      try microphone.overrun()
      #expect(try listener.gap().cause == .overrun)
    }
    #expect(listener.events.count == 4, "\(listener.events)")
    #expect(!microphone.isOverrunPending)
  }

  @Test("After a suspend capturing goes on, and the gap is reported")
  func suspended() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let listener = try listen(to: microphone)
    try listener.read(samples: 1_000)
    try microphone.set(.suspended)
    while listener.read(timeout: .milliseconds(100)) != .nothing {}
    try microphone.clear(.suspended)
    #expect(try listener.gap().cause == .deviceLost)
    try listener.read(samples: listener.samples.count + 1_000)
  }

  @Test("A consumer that sleeps loses sound and is told so; the capture thread is not held up")
  func sleepingConsumer() throws {
    let microphone = try FaultyMicrophone(sound: sound, speed: 200, loops: true)
    let listener = try listen(to: microphone)
    try listener.capturing()
    // The queue holds 128 periods of sound. The microphone itself loses samples only on request. How long the gap is is
    // not asked: at 200 times the speed of sound the clock sees hardly any.
    let captured = listener.source.progress
    while listener.source.progress < captured + 200 { sched_yield() }
    #expect(try listener.gap().cause == .overrun)
    #expect(listener.samples.count > 60_000 && listener.samples.count <= 65_536, "what was there before is not lost")
    try listener.read(samples: listener.samples.count + 1_000)
  }

  @Test("Stopping ends the readings, whatever the device does", arguments: [true, false])
  func stops(isPlugged: Bool) throws {
    let microphone = try FaultyMicrophone(sound: sound, isPlugged: isPlugged)
    let listener = try listen(to: microphone)
    listener.read()
    listener.source.stop()
    #expect(listener.read() == .ended)
    listener.source.stop()
    #expect(listener.read() == .ended)
  }

  @Test("A name that libasound does not know is a missing device")
  func unknownName() throws {
    _ = try FaultyMicrophone()
    let listener = Listener(try MicrophoneSource(device: "no such name"))
    #expect(try listener.obstacle().obstacle == .missing)
  }
}
