import Glibc
import SerdAudio
import SerdClient
import SerdServer
import SerdSystem

extension Doctor {
  /// Whether this user may open the sound cards that capture; who has a daemon that does need not.
  func permission(_ contact: DaemonContact?) -> Finding {
    if contact?.report.state?.device.isCapturing == true {
      return .skipped(.permission, "the daemon may, and has one open")
    }
    let nodes = system.paths(in: "/dev/snd", prefix: "pcmC", suffix: "c")
    guard !nodes.isEmpty else { return .skipped(.permission, "there is no sound card that captures") }
    let forbidden = nodes.filter { !system.mayUse($0) }
    guard let first = forbidden.first else {
      return .ok(.permission, "\(Account.name) may open \(nodes.count) of \(nodes.count)")
    }
    let group = Person.group(of: settings.root + first) ?? "audio"
    let remedy =
      group == "root"
      ? "it should belong to the group audio: sudo udevadm trigger --subsystem-match=sound"
      : "\(Person.join(group)) (the service has SupplementaryGroups=audio in its unit)"
    return .problem(
      .permission, "\(Account.name) may not open \(first): it belongs to the group \(group)", mend: remedy)
  }

  /// The microphone, by the word of a daemon that has it.
  func heard(_ contact: DaemonContact) -> [Finding] {
    guard let state = contact.report.state else {
      return [.microphone, .format, .signal].map { .skipped($0, "the daemon is starting") }
    }
    let device = state.device
    guard device.isCapturing else {
      let obstacle = DeviceCondition.Obstacle(rawValue: device.condition) ?? .failed
      return [waiting(device.name, obstacle, device.reason ?? device.condition)] + unheard
    }
    let signal: Finding
    switch contact.report.health?.condition {
    case _ where state.activity == .muted: signal = .skipped(.signal, "the daemon is muted; to go on: serd unmute")
    case .noSignal: signal = flat
    case .clipping: signal = clipping
    case .listening where contact.report.health?.detail != nil: signal = cancelling
    default:
      let offset = contact.report.daemon.offset
      signal = .ok(.signal, "the daemon hears; the latest window had \(state.level) dBFS\(remark(offset))")
    }
    return [
      .ok(.microphone, "the daemon captures from \(device.name)"),
      .skipped(.format, "the daemon has the microphone; its log says which format: journalctl -u serd"), signal,
    ]
  }

  /// The microphone, opened and listened to.
  func examineMicrophone(_ device: String, _ channel: ChannelChoice) -> [Finding] {
    let description = CaptureDescription(device: device, title: device)
    let source: MicrophoneSource
    do throws(AudioError) {
      source = try MicrophoneSource(device: device, channel: channel, longestWait: .seconds(60))
    } catch {
      return [.problem(.microphone, error.description, mend: error.advice)] + unheard
    }
    defer { source.stop() }
    var ear = Ear(settings)
    ear.listen(to: source)
    switch ear.microphone {
    case .capturing(let format):
      return [
        .ok(.microphone, "\(device) can be opened"),
        .ok(.format, "\(format); \(conversion(format))\(offers(description.capabilities))"), signal(ear),
      ]
    case .refused(let reason) where reason.obstacle == .unsuitable:
      let remedy =
        device.hasPrefix("hw:")
        ? "let ALSA convert it: device = plug\(device)" : "choose another, or a converted one (plughw:…): serd devices"
      return [
        .ok(.microphone, "\(device) can be opened"),
        .problem(
          .format, "no format, rate and channels that serd reads\(offers(description.capabilities))", mend: remedy),
        .skipped(.signal, "there is no sound without a format"),
      ]
    case .refused(let reason) where reason.obstacle == .silent:
      return dumb(device, description)
    case .nothing where description.capabilities != nil:
      return dumb(device, description)
    case .refused(let reason):
      return [waiting(device, reason.obstacle, "\(device): \(reason.problem)")] + unheard
    case .nothing:
      return [
        .problem(
          .microphone, "\(device) does not answer",
          mend: "unplug it and plug it in again, or choose another: serd devices")
      ] + unheard
    }
  }

  /// A microphone that opens, and delivers nothing.
  private func dumb(_ device: String, _ description: CaptureDescription) -> [Finding] {
    [
      .ok(.microphone, "\(device) can be opened"),
      .skipped(.format, "no samples came in any\(offers(description.capabilities))"),
      .problem(.signal, "it delivers no samples at all", mend: replug),
    ]
  }

  private var replug: String { "unplug it and plug it in again, or into another socket; see: sudo dmesg | tail" }

  private var unheard: [Finding] {
    [.skipped(.format, "no microphone could be opened"), .skipped(.signal, "no microphone could be opened")]
  }

  /// A microphone that cannot be opened.
  private func waiting(_ device: String, _ obstacle: DeviceCondition.Obstacle, _ problem: String) -> Finding {
    let remedy: String
    switch obstacle {
    case .missing, .lost:
      let others = DeviceList.captureDevices().filter { $0.device != device }
      remedy =
        others.first.map {
          "write into [audio] of \(ConfigurationLayers.usualPath): device = \($0.device), then: sudo systemctl restart serd"
        } ?? "plug one in, and see whether the kernel finds it: arecord -l; lsusb"
    case .busy: remedy = release(DeviceHolder.find(device, root: settings.root + "/proc"))
    case .denied:
      remedy = "\(Person.join("audio")); for the service: systemctl show serd -p SupplementaryGroups"
    case .silent: remedy = replug
    case .clockless: remedy = "choose a microphone: serd devices"
    case .unsuitable: remedy = "let ALSA convert it (plughw:…), or choose another: serd devices"
    case .failed: remedy = "plug it in again, or choose one that can be opened: serd devices"
    }
    return .problem(.microphone, problem, mend: remedy)
  }

  private func release(_ holder: DeviceHolder?) -> String {
    guard let holder else { return "find out who has it: fuser -v /dev/snd/*; and end that program" }
    // A sound server that is ended is started again.
    if let server = holder.program, ["pipewire", "wireplumber", "pulseaudio"].contains(server) {
      return
        "\(holder) is the desktop's sound server: systemctl --user mask --now pipewire.socket pulseaudio.socket pipewire pulseaudio"
    }
    return "end \(holder): kill \(holder.process)"
  }

  private func conversion(_ format: NativeFormat) -> String {
    var steps: [String] = []
    if format.channels > 1 { steps.append("mixed to 1 channel") }
    if format.sampleRate != SampleRate.pipeline { steps.append("resampled to \(SampleRate.pipeline) Hz") }
    return steps.isEmpty ? "needs no conversion" : steps.joined(separator: ", ")
  }

  private func offers(_ capabilities: CaptureDescription.Capabilities?) -> String {
    guard let has = capabilities else { return "" }
    let rates = has.rates.isEmpty ? "unusual rates" : has.rates.map { "\($0)" }.joined(separator: "/") + " Hz"
    let formats = has.formats.isEmpty ? "other formats" : has.formats.joined(separator: "/")
    let channels = has.channels.lowerBound == has.channels.upperBound ? "\(has.channels.lowerBound)" : "\(has.channels)"
    return " (it offers \(formats), \(rates), channels: \(channels))"
  }

  private func signal(_ ear: Ear) -> Finding {
    switch ear.signal {
    case .flat: return flat
    case .clipping: return clipping
    case .cancelling: return cancelling
    case .normal:
      let loudest = "the loudest was \(ear.peak) dBFS (live: serd devices --level)"
      return .ok(.signal, "sound arrives; \(loudest)\(remark(ear.offset))")
    }
  }

  private func remark(_ offset: Double?) -> String { OffsetText.remark(offset).map { "; \($0)" } ?? "" }

  private var flat: Finding {
    .problem(
      .signal, "silent: all samples are the same, so it is switched off, or its gain is at zero",
      mend:
        "switch it on, and raise its capture gain: alsamixer, F4, space to unmute, arrows; live: serd devices --level")
  }

  private var cancelling: Finding {
    .problem(
      .signal, "the channels cancel each other (opposite phase), so one alone is heard",
      mend: "choose it for good: channel = 1 in [audio]; how loud each is: serd devices --level")
  }

  private var clipping: Finding {
    .problem(
      .signal, "too loud: it is often at full scale",
      mend: "lower its capture gain: alsamixer, F4, arrow down; live: serd devices --level")
  }
}
