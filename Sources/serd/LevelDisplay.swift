import Glibc
import SerdAudio
import SerdConsole
import SerdSystem

/// Shows how loud a device is, ten times a second: a bar that is redrawn in place on a terminal, else lines.
struct LevelDisplay {
  let device: String
  let channel: ChannelChoice
  let json: Bool
  /// Of the clock; nil: until the process is ended.
  let seconds: Double?

  /// One line of `--json`, and what the bar is made of.
  private struct Reading: Encodable {
    var level: Double?
    var peak: Double?
    var condition: String
    /// Of several channels each, before they become one.
    var channels: [Double]?

    private enum CodingKeys: String, CodingKey {
      case condition
      case channels = "channels_dbfs"
      case level = "level_dbfs"
      case peak = "peak_dbfs"
    }
  }

  /// Samples of one reading, 0.1 s.
  private static let blockLength = SampleRate.pipeline / 10

  func run() throws {
    let levels = ChannelLevels()
    let source = try MicrophoneSource(device: device, channel: channel, levels: levels)
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let start = MonotonicClock.now
    var meter = Meter()
    var signal = SignalCondition.normal
    var isCapturing = false
    try source.listen(timeout: .milliseconds(100), blockLength: Self.blockLength) { reading, samples in
      switch reading {
      case .samples:
        for sample in samples {
          meter.add(sample)
          guard meter.count == Self.blockLength else { continue }
          let reading = Reading(
            level: meter.level, peak: meter.peakLevel, condition: signal.rawValue, channels: channels(of: levels))
          meter = Meter()
          try show(reading, isTerminal: isTerminal)
        }
      case .device(.capturing(let format)):
        isCapturing = true
        Output.warn("listening to \(device): \(format)")
      case .device(.waiting(let reason)):
        isCapturing = false
        Output.warn(reason.description)
        if json { try show(Reading(condition: reason.obstacle.rawValue), isTerminal: isTerminal) }
      case .gap(let gap):
        Output.warn("\(gap.cause.rawValue): \(rounded(gap.seconds)) s without sound")
      case .signal(let condition): signal = condition
      case .nothing, .ended: break
      }
      return seconds.map { Double(MonotonicClock.now - start) / 1e9 < $0 } ?? true
    }
    source.stop()
    if isTerminal, !json { try Output.write("\n") }
    if !isCapturing { throw CommandError(.unavailable, "\(device): there was no sound in the end; see: serd devices") }
  }

  private func show(_ reading: Reading, isTerminal: Bool) throws {
    if json { return try Output.write(reading.jsonLine()) }
    guard let level = reading.level, let peak = reading.peak else { return }
    let width = 50
    // 60 dB over the width; a bar for the level, a mark for the peak.
    func place(_ decibels: Double) -> Int { min(width - 1, max(0, Int((decibels + 60) / 60 * Double(width)))) }
    var bar = [Character](repeating: " ", count: width)
    for column in 0..<place(level) { bar[column] = "=" }
    bar[place(peak)] = "|"
    let note = reading.condition == SignalCondition.normal.rawValue ? "" : "  \(reading.condition)!"
    let channels = reading.channels.map { levels in
      "  channels " + levels.enumerated().map { "\($0 + 1): \(Int($1.rounded()))" }.joined(separator: ", ")
    }
    let line = "[\(String(bar))] \(padded(level)) dBFS, peak \(padded(peak))\(channels ?? "")\(note)"
    try Output.write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
  }

  /// The level of each of several channels; nil of one.
  private func channels(of levels: ChannelLevels) -> [Double]? {
    guard let powers = levels.take(), powers.count > 1 else { return nil }
    return powers.map(Meter.decibels)
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// Whole decibels in four columns.
  private func padded(_ decibels: Double) -> String {
    let text = String(Int(decibels.rounded()))
    return String(repeating: " ", count: max(0, 4 - text.count)) + text
  }

  /// Level and peak of one block.
  private struct Meter {
    private(set) var count = 0
    private var squares = 0.0
    private var peak: Float = 0

    mutating func add(_ sample: Float) {
      count += 1
      squares += Double(sample) * Double(sample)
      peak = max(peak, abs(sample))
    }

    /// Root of the mean square in dB of full scale, to a tenth; silence is -120 dB.
    var level: Double { Meter.decibels(squares / Double(max(1, count))) }
    var peakLevel: Double { Meter.decibels(Double(peak) * Double(peak)) }

    static func decibels(_ power: Double) -> Double { (100 * log10(max(power, 1e-12))).rounded() / 10 + 0 }
  }
}
