import Foundation
import SerdAudio
import SerdDiagnosis
import SerdServer
import SerdTestKit
import Testing

/// `serd doctor` and what is wrong with microphones, without a daemon: it opens them itself.
@Suite struct DoctorMicrophoneTests {
  private let machine: SickMachine

  init() throws { machine = try SickMachine() }

  private func examine(_ microphone: FaultyMicrophone) throws -> Checkup {
    try machine.examine(["--device", microphone.device])
  }

  @Test("One that is there and heard, and is closed again")
  func heard() throws {
    let microphone = try SickMachine.microphone()
    let checkup = try examine(microphone)
    #expect(checkup[.microphone].verdict == .ok && checkup[.signal].verdict == .ok, "\(checkup)")
    #expect(checkup[.format].detail.hasPrefix("S16_LE, 16000 Hz, 1 channel; needs no conversion"), "\(checkup)")
  }

  @Test("A constant offset of its converter is named, and is no problem; none is not")
  func offset() throws {
    for (offset, isNamed) in [(Int16(0), false), (983, true), (-983, true)] {
      let finding = try examine(SickMachine.microphone(offset: offset))[.signal]
      #expect(finding.verdict == .ok, "\(finding)")
      #expect(
        finding.detail.hasSuffix("a constant offset of 3.0 % of full scale; serd takes it out") == isNamed, "\(finding)"
      )
    }
  }

  @Test("No capture device at all; and a missing one where there is another, which is named")
  func missing() throws {
    let none = try machine.examine(["--device", "none-such"])
    #expect(none.problems.contains(.microphone) && none[.microphone].remedy?.contains("arecord -l") == true, "\(none)")
    #expect(none[.format].verdict == .skipped && none[.signal].verdict == .skipped)
    let other = try SickMachine.microphone()
    let finding = try machine.examine(
      ["--device", "none-such"], environment: try other.environment(naming: "desk", description: "On the desk"))[
        .microphone]
    #expect(finding.remedy?.contains("device = desk,") == true, "\(finding)")
  }

  @Test("A busy one: who has it, and how to end that")
  func busy() throws {
    let microphone = try SickMachine.microphone()
    try microphone.set(.opening, code: EBUSY)
    let unknown = try examine(microphone)[.microphone]
    #expect(
      unknown.verdict == .problem && unknown.remedy?.hasPrefix("find out who has it: fuser") == true, "\(unknown)")
    try machine.write("proc/asound/card0/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 812\n")
    try machine.write("proc/812/comm", "arecord\n")
    let known = try examine(microphone)[.microphone]
    #expect(known.remedy == "end arecord (process 812): kill 812", "\(known)")
    try machine.write("proc/812/comm", "pipewire\n")
    let server = try examine(microphone)[.microphone]
    #expect(
      server.remedy?.hasPrefix("pipewire (process 812) is the desktop's sound server: systemctl") == true, "\(server)")
  }

  @Test("One that this user may not open")
  func denied() throws {
    let microphone = try SickMachine.microphone()
    try microphone.set(.opening, code: EACCES)
    let finding = try examine(microphone)[.microphone]
    #expect(finding.verdict == .problem && finding.remedy?.contains("audio") == true, "\(finding)")
  }

  @Test("One that fails")
  func failed() throws {
    let microphone = try SickMachine.microphone()
    try microphone.set(.opening, code: EIO)
    let checkup = try examine(microphone)
    #expect(checkup[.microphone].verdict == .problem && checkup[.format].verdict == .skipped, "\(checkup)")
  }

  @Test("A format that is not read is told apart from a device that does not open; the same converted is well")
  func format() throws {
    let microphone = try SickMachine.microphone(format: "U8 16000 1")
    let checkup = try examine(microphone)
    #expect(checkup[.microphone].verdict == .ok && checkup[.format].verdict == .problem, "\(checkup)")
    #expect(checkup[.format].detail.contains("16000 Hz") && checkup[.format].remedy?.contains("plughw:") == true)
    #expect(try machine.examine(["--device", microphone.convertedDevice])[.format].verdict == .ok)
  }

  @Test("A silent one, and one that is too loud")
  func signal() throws {
    let microphone = try SickMachine.microphone()
    try microphone.set(.flat)
    let flat = try examine(microphone)[.signal]
    #expect(flat.verdict == .problem && flat.detail.hasPrefix("silent") && flat.remedy?.contains("raise") == true)
    let square: [UInt8] = (0..<16_000).flatMap { $0 / 40 % 2 == 0 ? [0xFF, 0x7F] : [0x00, 0x80] as [UInt8] }
    let loud = try examine(FaultyMicrophone(sound: square, speed: 0, loops: true))[.signal]
    #expect(loud.verdict == .problem && loud.detail.hasPrefix("too loud") && loud.remedy?.contains("lower") == true)
  }

  @Test("One that opens and delivers nothing")
  func stalled() throws {
    let microphone = try SickMachine.microphone()
    try microphone.set(.stalled)
    var settings = Doctor.Settings()
    (settings.root, settings.patience) = (machine.root, 300)
    var findings: [Finding] = []
    let layers = try ConfigurationLayers(
      path: machine.emptyFile, environment: [:], options: [("device", microphone.device)])
    Doctor(settings: settings).examine(socket: "\(machine.root)/none", configuration: .success(layers)) {
      findings.append($0)
    }
    let signal = try #require(findings.first { $0.check == .signal })
    #expect(signal.verdict == .problem && signal.detail.contains("no samples"), "\(signal)")
  }
}
