import Foundation
import SerdAudio
import SerdProtocol
import SerdServer
import SerdTestKit
import Testing

/// The text for Prometheus, and the file that holds it.
@Suite struct MetricsTests {
  private func report(device: DeviceCondition? = nil, health: HealthEvent.Condition) -> StatusReport {
    guard case .state(let state) = SampleEvents.state(device == nil ? .listening : .waiting, device: device),
      case .health(let health) = SampleEvents.health(health)
    else { preconditionFailure("samples are of their kind") }
    var numbers = DaemonNumbers(started: SampleEvents.time(0))
    (numbers.windows, numbers.speechWindows, numbers.emotions) = (10, 4, ["anger": 2])
    return StatusReport(
      time: SampleEvents.time(9), state: state, health: health, daemon: numbers, server: ServerStatistics())
  }

  @Test("Every metric has a HELP and a TYPE before its samples, and every sample is a number")
  func form() throws {
    let lines = report(health: .listening).metricsText(labels: TestModels.labels).split(separator: "\n")
    var helped: [Substring] = []
    var typed: Substring?
    for line in lines {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        #expect(!helped.contains(words[2]), "\(words[2]) twice")
        helped.append(words[2])
      } else if line.hasPrefix("# TYPE ") {
        #expect(words[2] == helped.last && ["counter", "gauge"].contains(words[3]))
        typed = words[2]
        #expect((words[3] == "counter") == words[2].hasSuffix("_total"))
      } else {
        #expect(words.count == 2 && words[0].prefix { $0 != "{" } == typed && Double(words[1]) != nil, "\(line)")
      }
    }
    #expect(lines.contains("serd_windows_gated_total 6") && lines.contains("serd_emotions_total{label=\"anger\"} 2"))
  }

  @Test("Of the device's and of the health's conditions, the one that holds is 1")
  func conditions() {
    let busy = report(device: SampleEvents.waiting(.busy), health: .noDevice)
    let lines = busy.metricsText(labels: []).split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("serd_device{") && $0.hasSuffix(" 1") } == ["serd_device{condition=\"busy\"} 1"])
    #expect(
      lines.filter { $0.hasPrefix("serd_health{") && $0.hasSuffix(" 1") } == ["serd_health{condition=\"no-device\"} 1"])
    #expect(lines.filter { $0.hasPrefix("serd_device{") }.count == 9)
  }

  @Test("Labels may hold any characters")
  func labels() {
    let text = report(health: .listening).metricsText(labels: ["a\"b\\c\nd"])
    #expect(text.contains("{label=\"a\\\"b\\\\c\\nd\"} 0\n"))
  }

  @Test("A file that cannot be written is a problem told once, until it can be and then cannot again")
  func file() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/metrics/serd.prom"
    func makeFolder() throws {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/metrics", withIntermediateDirectories: false)
    }
    var file = MetricsFile(path: path)
    #expect(file.write("a 1\n")?.contains(path) == true)
    #expect(file.write("a 1\n") == nil)
    try makeFolder()
    #expect(file.write("a 2\n") == nil)
    #expect(file.write("a 3\n") == nil)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a 3\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/metrics") == ["serd.prom"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/metrics")
    #expect(file.write("a 4\n") != nil)
    try makeFolder()
    #expect(file.write("a 5\n") == nil)
    file.remove()
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
