import SerdProtocol

extension StatusReport {
  /// The text exposition format of Prometheus, version 0.0.4. Names and labels are a contract.
  package func metricsText(labels: [String]) -> String {
    var lines: [String] = []
    func add(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      lines.append("# HELP serd_\(name) \(help)")
      lines.append("# TYPE serd_\(name) \(type)")
      lines += samples.map { "serd_\(name)\($0.labels) \($0.value)" }
    }
    func counter(_ name: String, _ help: String, _ value: Int) { add(name, "counter", help, [("", "\(value)")]) }
    func seconds(_ name: String, _ help: String, _ value: Double) { add(name, "counter", help, [("", "\(value)")]) }
    func gauge(_ name: String, _ help: String, _ value: String) { add(name, "gauge", help, [("", value)]) }

    counter("windows_total", "Windows looked at.", daemon.windows)
    counter("windows_gated_total", "Windows with too little speech.", daemon.windows - daemon.speechWindows)
    add(
      "emotions_total", "counter", "Emotions that began.",
      labels.map { ("{label=\"\(Self.escaped($0))\"}", "\(daemon.emotions[$0] ?? 0)") })
    counter("overruns_total", "Interruptions because a buffer was full (xruns).", daemon.overruns)
    counter("reopens_total", "Times the microphone came back.", daemon.reopens)
    seconds("audio_lost_seconds_total", "Seconds of sound that are missing.", daemon.gap)
    seconds("inference_seconds_total", "Seconds spent from samples to probabilities.", daemon.inference)
    counter("clients_dropped_total", "Clients dropped because they did not read.", server.dropped)
    gauge("clients", "Clients connected.", "\(server.clients)")
    func condition(_ name: String, _ help: String, _ all: [String], present: String?) {
      add(name, "gauge", help, all.map { ("{condition=\"\($0)\"}", $0 == present ? "1" : "0") })
    }
    condition(
      "health", "Which condition holds.", HealthEvent.Condition.allCases.map(\.rawValue),
      present: health?.condition.rawValue)
    condition(
      "device", "Which condition the microphone is in.", StateEvent.Device.conditions, present: state?.device.condition)
    gauge("muted", "1 while muted.", state?.activity == .muted ? "1" : "0")
    gauge("level_dbfs", "Level of the latest window.", "\(state?.level ?? -200)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ label: String) -> String {
    label.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined()
  }
}
