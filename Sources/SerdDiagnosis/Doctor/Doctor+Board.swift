extension Doctor {
  /// Undervoltage and throttling, now or since the start, by the firmware's word (or, on other kernels, by its alarm).
  func power() -> Finding {
    let supply = "use the power supply made for this board, with a short cable, and unplug what draws much"
    guard let flags = throttlingFlags() else {
      let alarms = system.paths(in: "/sys/class/hwmon", prefix: "hwmon").filter {
        system.text("\($0)/name") == "rpi_volt"
      }.compactMap { system.number("\($0)/in0_lcrit_alarm") }
      guard !alarms.isEmpty else { return .skipped(.power, "this machine does not report it: it is no Raspberry Pi") }
      if alarms.contains(1) { return .problem(.power, "the voltage is too low", mend: supply) }
      return .ok(.power, "the voltage is high enough")
    }
    // Bits of the firmware: now, and 16 places higher since the start.
    let (low, held) = (1, 1 << 1 | 1 << 2 | 1 << 3)
    if flags & low != 0 { return .problem(.power, "the voltage is too low", mend: supply) }
    let cool = "cool the board: a heat sink, a fan, a place with more air"
    if flags & held != 0 { return .problem(.power, "the firmware throttles the processor, for heat", mend: cool) }
    if flags >> 16 & low != 0 {
      return .problem(.power, "the voltage was too low at least once since the machine started", mend: supply)
    }
    if flags >> 16 & held != 0 {
      return .problem(
        .power, "the processor was throttled for heat at least once since the machine started", mend: cool)
    }
    return .ok(.power, "never too low, never throttled since the machine started")
  }

  /// What `vcgencmd get_throttled` shows, without that program; the folder's name has an address in it on some boards.
  private func throttlingFlags() -> Int? {
    let folders = system.paths(in: "/sys/devices/platform", prefix: "soc")
    let firmware = folders + folders.flatMap { system.paths(in: $0, prefix: "soc", suffix: ":firmware") }
    for folder in firmware {
      guard let text = system.text("\(folder)/get_throttled") else { continue }
      return Int(text.hasPrefix("0x") ? text.dropFirst(2) : text[...], radix: 16)
    }
    return nil
  }

  /// Whether the kernel holds the processor back: a limit below what it can do, or a zone at the temperature where it
  /// slows down.
  func processor() -> Finding {
    var known: [String] = []
    for policy in system.paths(in: "/sys/devices/system/cpu/cpufreq", prefix: "policy") {
      guard let limit = system.number("\(policy)/scaling_max_freq"),
        let possible = system.number("\(policy)/cpuinfo_max_freq")
      else { continue }
      if limit < possible {
        return .problem(
          .processor, "\(limit / 1000) MHz is the limit, and \(possible / 1000) MHz would be possible",
          mend: "echo \(possible) | sudo tee \(policy)/scaling_max_freq; and find out what sets the limit at start")
      }
      known.append("\(limit / 1000) MHz")
    }
    for zone in system.paths(in: "/sys/class/thermal", prefix: "thermal_zone") {
      guard let temperature = system.number("\(zone)/temp") else { continue }
      for trip in system.paths(in: zone, prefix: "trip_point_", suffix: "_type") where system.text(trip) == "passive" {
        guard let limit = system.number(trip.dropLast("type".count) + "temp"), limit > 0 else { continue }
        if temperature >= limit {
          return .problem(
            .processor, "\(temperature / 1000) °C: from \(limit / 1000) °C on the kernel slows the processor down",
            mend: "cool the board: a heat sink, a fan, a place with more air")
        }
      }
      known.append("\(temperature / 1000) °C")
    }
    if known.isEmpty { return .skipped(.processor, "this machine reports neither frequency nor temperature") }
    return .ok(.processor, "at most \(known.joined(separator: ", "))")
  }
}
