import ArgumentParser
import Glibc
import SerdAudio
import SerdConsole

/// `serd devices`: what can be captured from, and how loud it is just now.
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the microphones, or show the level of one.",
    discussion: """
      The name at the start of a line is what to configure as the device. Rates, channels and formats are those of the hardware; \
      serd takes what fits best and converts by itself.

      With --level it listens to the named device (default: the device "default") and shows the level until Ctrl-C, of \
      several channels that of each.
      """)

  @Flag(help: "Print one JSON object per line: per device, or with --level per 0.1 s.")
  var json = false

  @Flag(help: "Show the level of a device, live.")
  var level = false

  @Option(help: ArgumentHelp("With --level: end after so many seconds.", valueName: "n"))
  var seconds: Double?

  @Option(
    help: ArgumentHelp(
      "With --level: which of several channels the bar shows: mean, best or a number.", valueName: "channel"))
  var channel: String?

  @Argument(help: "With --level: the device, as the list names it.")
  var device: String?

  func validate() throws {
    if !level, seconds != nil || device != nil || channel != nil {
      throw ValidationError("--seconds, --channel and a device belong to --level.")
    }
    if let channel, ChannelChoice(channel) == nil {
      throw ValidationError("--channel takes \(ChannelChoice.expected), not '\(channel)'.")
    }
    if let seconds, !(seconds > 0) { throw ValidationError("--seconds needs a number above 0.") }
  }

  func run() throws {
    try reporting {
      if level {
        let choice = channel.flatMap { ChannelChoice($0) } ?? .mean
        return try LevelDisplay(device: device ?? "default", channel: choice, json: json, seconds: seconds).run()
      }
      let devices = DeviceList.captureDevices()
      guard !devices.isEmpty else {
        throw CommandError(
          .unavailable, "there is no device to capture from; plug in a microphone, and compare with: arecord -l")
      }
      for device in devices { try Output.write(json ? DeviceReport(device).jsonLine() : text(device)) }
    }
  }

  private func text(_ device: CaptureDescription) -> String {
    var lines = ["\(device.device)", "    \(device.title)"]
    if let has = device.capabilities {
      let rates = has.rates.isEmpty ? "unusual rates" : has.rates.map(String.init).joined(separator: ", ") + " Hz"
      let few = has.channels.lowerBound
      let many = has.channels.upperBound
      let channels = few == many ? (few == 1 ? "1 channel" : "\(few) channels") : "\(few) to \(many) channels"
      let formats = has.formats.isEmpty ? "converted formats" : has.formats.joined(separator: ", ")
      lines.append("    \(rates); \(channels); \(formats)")
    }
    if let obstacle = device.obstacle { lines.append("    not now: \(obstacle.problem); \(obstacle.advice)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// One device as JSON.
private struct DeviceReport: Encodable {
  private let device: String
  private let title: String
  private let rates: [Int]?
  private let channels: [Int]?
  private let formats: [String]?
  private let obstacle: String?

  private enum CodingKeys: String, CodingKey {
    case device, title, formats, channels, obstacle
    case rates = "rates_hz"
  }

  init(_ description: CaptureDescription) {
    device = description.device
    title = description.title
    rates = description.capabilities?.rates
    channels = description.capabilities.map { [$0.channels.lowerBound, $0.channels.upperBound] }
    formats = description.capabilities?.formats
    obstacle = description.obstacle?.description
  }
}
