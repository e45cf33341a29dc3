import Foundation
import SerdDiagnosis
import SerdTestKit
import Testing

/// `serd doctor` on machines with one thing wrong: what is not the daemon's. Every check is broken here or in
/// `DoctorDaemonTests`.
@Suite struct DoctorTests {
  private let machine: SickMachine

  init() throws { machine = try SickMachine() }

  @Test("On a machine in order nothing is to be mended but that no daemon runs; every check is reported once, in order")
  func inOrder() throws {
    let microphone = try SickMachine.microphone(format: "S16_LE,S32_LE 44100,48000 2")
    try machine.write("dev/snd/pcmC1D0c", "")
    try machine.write("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n")
    try machine.write("sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq", "1800000\n")
    try machine.write("sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq", "1800000\n")
    try machine.write("sys/class/thermal/thermal_zone0/temp", "52000\n")
    let checkup = try machine.examine(["--device", microphone.device])
    #expect(checkup.findings.map(\.check) == Finding.Check.allCases)
    #expect(checkup.problems == [.socket] && checkup.status == 69, "\(checkup)")
    #expect(checkup.findings.allSatisfy { ($0.remedy != nil) == ($0.verdict == .problem) })
    #expect(checkup.findings.filter { $0.verdict == .skipped }.map(\.check) == [.daemon, .page], "\(checkup)")
    #expect(checkup[.processor].detail == "at most 1800 MHz, 52 °C")
    let format = checkup[.format].detail
    #expect(
      format.hasPrefix("S16_LE, 48000 Hz, 2 channels; mixed to 1 channel, resampled to 16000 Hz (it offers S16_LE/"),
      "\(format)")
  }

  @Test("As text: a line per check, the mending under a problem, and what is to be mended in all on stderr")
  func text() throws {
    let program = try machine.start(["--device", "none-such"], json: false)
    var lines: [String] = []
    while let line = try program.line() { lines.append(line) }
    #expect(program.wait() == 69 && program.messages == "serd: 2 problems to mend\n", "\(program.messages)")
    #expect(lines.count == Finding.Check.allCases.count + 2)
    let place = try #require(lines.firstIndex { $0.hasPrefix("problem  microphone     none-such: ") }, "\(lines)")
    #expect(lines[place + 1].hasPrefix("         mend:          "))
  }

  @Test(
    "A configuration that is wrong",
    arguments: [
      ("[audio]\ndevise = x\n", "serd.conf:2: there is no key 'devise'"),
      ("[thresholds]\njoy = 0.5\n", "joy"),
    ])
  func configuration(text: String, complaint: String) throws {
    let finding = try machine.examine(configuration: text)[.configuration]
    #expect(finding.verdict == .problem && finding.detail.contains(complaint), "\(finding)")
    #expect(finding.remedy?.contains("serd check-config") == true)
  }

  @Test("A misspelt variable")
  func variable() throws {
    let finding = try machine.examine(environment: ["SERD_DEVISE": "x"])[.configuration]
    #expect(finding.verdict == .problem && finding.detail.contains("SERD_DEVICE"), "\(finding)")
  }

  @Test("A model that is missing, and one that is damaged")
  func model() throws {
    let missing = try machine.examine(["--model", "/none/such"])[.model]
    #expect(missing.verdict == .problem && missing.detail.contains("/none/such"), "\(missing)")
    #expect(missing.remedy?.contains("model = (empty) in command line") == true, "\(missing)")
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Golden.folder + "/../../models/emodb.safetensors")))
    bytes[bytes.count / 2] ^= 1
    let path = try machine.folder.write("damaged.safetensors", bytes)
    let damaged = try machine.examine(["--model", path])[.model]
    #expect(damaged.verdict == .problem && damaged.detail.contains(path), "\(damaged)")
  }

  @Test(
    "What the firmware of a Raspberry Pi reports, in the folder of older boards and of newer ones",
    arguments: [
      ("0", "ok", "never"), ("1", "problem", "voltage is too low"), ("50005", "problem", "voltage is too low"),
      ("4", "problem", "throttles the processor"), ("8", "problem", "throttles the processor"),
      ("50000", "problem", "voltage was too low"), ("0xe0000", "problem", "was throttled for heat"),
    ])
  func power(flags: String, verdict: String, text: String) throws {
    for folder in ["soc/soc:firmware", "soc@107c000000:firmware"] {
      let machine = try SickMachine()
      try machine.write("sys/devices/platform/\(folder)/get_throttled", "\(flags)\n")
      let finding = try machine.examine()[.power]
      #expect(finding.verdict.rawValue == verdict && finding.detail.contains(text), "\(finding)")
    }
  }

  @Test("The voltage alarm of kernels without the firmware's word")
  func voltageAlarm() throws {
    try machine.write("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    try machine.write("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    try machine.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n")
    #expect(try machine.examine()[.power].verdict == .ok)
    try machine.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    #expect(try machine.examine()[.power].verdict == .problem)
  }

  @Test("A frequency limit below what the processor can do, and heat")
  func processor() throws {
    let policy = "sys/devices/system/cpu/cpufreq/policy0"
    try machine.write("\(policy)/scaling_max_freq", "600000\n")
    try machine.write("\(policy)/cpuinfo_max_freq", "1800000\n")
    let limited = try machine.examine()[.processor]
    #expect(limited.verdict == .problem && limited.detail.contains("600 MHz"), "\(limited)")
    #expect(limited.remedy?.hasPrefix("echo 1800000 | sudo tee /sys/devices/system/cpu/cpufreq/policy0/") == true)
    try machine.write("\(policy)/scaling_max_freq", "1800000\n")
    let zone = "sys/class/thermal/thermal_zone0"
    try machine.write("\(zone)/temp", "86000\n")
    for (number, trip) in [("critical", "110000"), ("passive", "85000")].enumerated() {
      try machine.write("\(zone)/trip_point_\(number)_type", "\(trip.0)\n")
      try machine.write("\(zone)/trip_point_\(number)_temp", "\(trip.1)\n")
    }
    let hot = try machine.examine()[.processor]
    #expect(hot.verdict == .problem && hot.detail.hasPrefix("86 °C: from 85 °C on"), "\(hot)")
    try machine.write("\(zone)/temp", "60000\n")
    #expect(try machine.examine()[.processor].verdict == .ok)
  }

  @Test("A sound card that this user may not open names the group to join")
  func permission() throws {
    try machine.write("dev/snd/pcmC0D0p", "")
    #expect(try machine.examine()[.permission].verdict == .skipped)
    try machine.write("dev/snd/pcmC0D0c", "")
    #expect(try machine.examine()[.permission].verdict == .ok)
    chmod("\(machine.root)/dev/snd/pcmC0D0c", 0)
    let finding = try machine.examine(withoutPrivilege: true)[.permission]
    #expect(finding.verdict == .problem && finding.detail.contains("/dev/snd/pcmC0D0c"), "\(finding)")
    guard geteuid() == 0 else { return }
    // What is root's group was not handed to audio; nobody should join that.
    #expect(finding.remedy?.contains("sudo udevadm trigger") == true, "\(finding)")
    let audio: gid_t = 29
    chown("\(machine.root)/dev/snd/pcmC0D0c", 0, audio)
    let name = getgrgid(audio).map { String(cString: $0.pointee.gr_name) } ?? "\(audio)"
    let joined = try machine.examine(withoutPrivilege: true)[.permission]
    #expect(joined.remedy?.hasPrefix("sudo adduser root \(name), then log out") == true, "\(joined)")
  }

  @Test("A page that is served, that is not, that another program has, and one whose configuration is wrong")
  func page() throws {
    let page = try FakePage()
    try machine.write("usr/bin/serd-web", "")
    try machine.write("etc/serd/serd-web.conf", "[page]\nlisten = 127.0.0.1:\(page.port)\n")
    func finding(_ answer: String) throws -> Finding {
      page.answer(answer)
      return try machine.examine()[.page]
    }
    #expect(try finding(#"{"program":"serd-web 0.1.0","daemon":true,"history":"off"}"#).verdict == .ok)
    #expect(try finding(#"{"program":"serd-web 0.1.0","daemon":false,"history":"off"}"#).detail.contains("read events"))
    #expect(try finding(#"{"program":"serd-web 0.1.0","daemon":true,"history":"failing"}"#).detail.contains("history"))
    #expect(try finding("<html>").detail.contains("another program"))
    page.close()
    #expect(try machine.examine()[.page].verdict == .skipped)
    try machine.write("etc/serd/serd-web.conf", "listen\n")
    #expect(try machine.examine()[.page].verdict == .problem)
  }
}

/// What answers at a port of this machine, once per `answer`.
private final class FakePage {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard result else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    port = UInt16(bigEndian: name.sin_port)
  }

  /// Answers the next who asks.
  func answer(_ text: String) {
    let descriptor = descriptor
    Thread.detachNewThread {
      let connection = accept(descriptor, nil, nil)
      var question = [UInt8](repeating: 0, count: 4096)
      recv(connection, &question, question.count, 0)
      let bytes = Array("HTTP/1.1 200 OK\r\n\r\n\(text)\n".utf8)
      send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      shutdown(connection, Int32(SHUT_WR))
      Glibc.close(connection)
    }
  }

  func close() { Glibc.close(descriptor) }
}
