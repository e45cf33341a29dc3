import Foundation
import SerdTestKit
import Testing

/// `serd devices`, through the real libasound.
@Suite struct DevicesTests {
  private let sound: [UInt8] = SyntheticSignal.harmonics.pcm(seconds: 1).flatMap {
    [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
  }

  @Test("Without a device it says what to look at, in one line, and exits with 69")
  func none() throws {
    // The configuration of the tests offers nothing that has a name of its own.
    let program = try SpeakingProgram("serd", ["devices"], environment: FaultyMicrophone.environment)
    #expect(program.exitStatus() == 69)
    let messages = program.messages.split(separator: "\n")
    #expect(messages.count == 1 && messages[0].contains("arecord -l"), "\(program.messages)")
  }

  @Test("A device is listed with what it can do and the name to configure, as text and as JSON")
  func listed() throws {
    let microphone = try FaultyMicrophone(format: "S16_LE,S24_3LE 44100,48000 2")
    let environment = try microphone.environment(naming: "desk", description: "A microphone on a desk")
    let text = try SpeakingProgram("serd", ["devices"], environment: environment)
    #expect(try text.line(with: "desk") == "desk")
    #expect(try text.line(with: "A microphone on a desk").isEmpty == false)
    #expect(try text.line(with: "44100, 48000 Hz").contains("2 channels; S16_LE, S24_3LE"))
    let json = try SpeakingProgram("serd", ["devices", "--json"], environment: environment)
    let object = try JSONSerialization.jsonObject(with: Data(json.line(with: "desk").utf8)) as? [String: Any]
    #expect(object?["device"] as? String == "desk")
    #expect(object?["rates_hz"] as? [Int] == [44_100, 48_000])
    #expect(object?["channels"] as? [Int] == [2, 2])
    #expect(object?["formats"] as? [String] == ["S16_LE", "S24_3LE"])
  }

  @Test("The level is shown live, and libasound writes nothing to stderr")
  func level() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let program = try SpeakingProgram(
      "serd", ["devices", "--level", microphone.device], environment: FaultyMicrophone.environment)
    let line = try program.line(with: "dBFS")
    #expect(line.hasPrefix("[=") && line.contains("peak"), "\(line)")
    try microphone.unplug()
    while microphone.openings < 3 { usleep(1_000) }
    program.end(SIGKILL)
    let messages = program.messages.split(separator: "\n")
    #expect(messages.count == 2 && messages.allSatisfy { $0.hasPrefix("serd: ") }, "\(program.messages)")
  }

  @Test("libsndfile is loaded for files, and not for a microphone")
  func libraryOfFiles() throws {
    let microphone = try FaultyMicrophone(sound: sound, loops: true)
    let program = try SpeakingProgram(
      "serd", ["devices", "--level", microphone.device], environment: FaultyMicrophone.environment)
    try program.line(with: "dBFS")
    let maps = try ProcessHoldings.text(ofKernelFile: "/proc/\(program.identifier)/maps")
    #expect(maps.contains("libasound") && !maps.contains("libsndfile"))
  }

  @Test("--level ends after --seconds, with 69 if there was no device in the end")
  func seconds() throws {
    let microphone = try FaultyMicrophone(sound: sound, isPlugged: false)
    let program = try SpeakingProgram(
      "serd", ["devices", "--level", "--seconds", "0.05", microphone.device],
      environment: FaultyMicrophone.environment)
    #expect(program.exitStatus() == 69)
    #expect(program.messages.contains("no such device"), "\(program.messages)")
  }

  /// tools/slow-tests/replug does it a thousand times, to the daemon.
  private static let cycles = 12

  @Test("Unplugged and plugged in again, over and over: descriptors, threads and memory stay what they were")
  func endurance() throws {
    let microphone = try FaultyMicrophone(sound: sound, format: "S16_LE 48000 2", loops: true)
    let program = try SpeakingProgram(
      "serd", ["devices", "--level", "--json", microphone.device], environment: FaultyMicrophone.environment)
    func gaps(_ cause: String) -> Int {
      program.messages.split(separator: "\n").filter { $0.contains("\(cause): ") && $0.contains("without sound") }.count
    }
    func cycle() throws {
      try program.line(with: "\"level_dbfs\"")
      let overruns = gaps("overrun")
      try microphone.overrun()
      while gaps("overrun") == overruns { try program.line(with: "\"level_dbfs\"") }
      try microphone.unplug()
      try program.line(with: "\"lost\"")
      try microphone.plug()
    }
    // The first ones fill caches of libasound and of the allocator.
    for _ in 0..<5 { try cycle() }
    try program.line(with: "\"level_dbfs\"")
    let before = try ProcessHoldings(of: program.identifier)
    for _ in 0..<DevicesTests.cycles { try cycle() }
    try program.line(with: "\"level_dbfs\"")
    let after = try ProcessHoldings(of: program.identifier)
    #expect(after.descriptors == before.descriptors && after.threads == before.threads)
    #expect(
      after.anonymous - before.anonymous < 256,
      "anonymous memory went from \(before.anonymous) to \(after.anonymous) KiB")
    #expect(gaps("device-lost") == DevicesTests.cycles + 5)
    #expect(gaps("overrun") == DevicesTests.cycles + 5)
  }
}
