import CALSA
import Glibc
import SerdSystem

/// Why a device cannot be opened or delivers no more, with what that means for the user.
enum DeviceFault: Error, Equatable {
  /// libasound's error number, as a positive errno.
  case error(Int32)
  /// It can be opened, and says nothing, not even that it fails.
  case silent
  /// It can be opened, and has no format, rate and channels that are read.
  case unsuitable
  /// It can be opened, and does not have the channel that is wanted.
  case noChannel(ChannelChoice, of: Int)
  /// It delivers sound faster than sound is: no microphone.
  case clockless

  /// From a result of libasound, which is a negative errno.
  init(result: Int) { self = .error(Int32(clamping: -result)) }

  /// libasound's words, as "Device or resource busy"; empty for what is no error of it.
  private var words: String {
    guard case .error(let code) = self else { return "" }
    return String(cString: snd_strerror(-code))
  }

  /// What kind of obstacle to capturing it is.
  var obstacle: DeviceCondition.Obstacle {
    switch self {
    case .silent: .silent
    case .unsuitable, .noChannel: .unsuitable
    case .clockless: .clockless
    // The last is a sound server that does not run.
    case .error(ENOENT), .error(ENODEV), .error(ENXIO), .error(ECONNREFUSED): .missing
    case .error(EBUSY), .error(EAGAIN): .busy
    case .error(EACCES), .error(EPERM): .denied
    case .error: .failed
    }
  }

  /// Why a device does not begin to deliver sound. Cost: for some obstacles a look into /proc and /dev.
  func refused(_ device: String) -> DeviceCondition.Reason {
    // libasound looks a card up by name among those that it may open, so a forbidden one is not found.
    if obstacle == .missing, let refusal = DeviceFault.ofForbiddenCard() { return refusal.refused(device) }
    let (problem, advice) = explanation(device)
    return DeviceCondition.Reason(obstacle, device: device, problem: problem, advice: advice)
  }

  /// Why a device that delivered sound delivers no more.
  func lost(_ device: String) -> DeviceCondition.Reason {
    guard case .error = self else { return refused(device) }
    return DeviceCondition.Reason(
      .lost, device: device,
      problem: "it delivers no more sound (\(words)): unplugged, or its sound server ended",
      advice: "plug it in again, or choose another with: serd devices")
  }

  private func explanation(_ device: String) -> (problem: String, advice: String) {
    switch self {
    case .silent:
      return (
        "it is there, and delivers no samples", "plug it in again, or into another socket; what the kernel says: dmesg"
      )
    case .unsuitable:
      return (
        "it has no format, rate and channels that serd reads", "let ALSA convert it (plughw:…); names: serd devices"
      )
    case .noChannel(let channel, let count):
      return (
        "it has \(count) channel\(count == 1 ? "" : "s"), so there is no channel \(channel)",
        "set channel = mean, best or one of them in [audio]; how loud each is: serd devices --level"
      )
    case .clockless:
      return (
        "it delivers sound faster than sound is, so it is no microphone (ALSA's null, or a file)",
        "choose a microphone with: serd devices"
      )
    case .error(ECONNREFUSED):
      return ("the sound server does not answer", "start it, or choose a device without one with: serd devices")
    case .error(EPERM):
      return (
        "the device policy of the service refuses it (DeviceAllow= in its unit), as when the sound module was loaded later",
        "try: systemctl stop serd && systemctl start serd"
      )
    case .error(EACCES) where Account.isDynamic:
      return (
        "this service may not open it",
        "its unit must name the group of /dev/snd, as SupplementaryGroups=audio; see: ls -l /dev/snd"
      )
    case .error(EACCES):
      return (
        "this user may not open it", "add the user to the group audio, and log in again: adduser \(Account.name) audio"
      )
    // What USB devices fail with that are plugged in and do not answer as they should.
    case .error(EPIPE), .error(EIO), .error(EPROTO), .error(EILSEQ), .error(ETIME), .error(ETIMEDOUT),
      .error(EREMOTEIO),
      .error(EOVERFLOW), .error(ENOLINK):
      return (
        "it is there, and fails (\(words))", "plug it in again, or into another socket; what the kernel says: dmesg"
      )
    case .error:
      switch obstacle {
      case .missing: return ("there is no such device", "plug it in, or choose another with: serd devices")
      case .busy: return Self.held(by: DeviceHolder.find(device))
      default:
        return ("cannot be opened (\(words))", "check its name, and what can be captured from, with: serd devices")
      }
    }
  }

  /// A service with a sandbox does not see who: /proc/asound is hidden from it.
  private static func held(by holder: DeviceHolder?) -> (problem: String, advice: String) {
    let remedy = "end that program, or give both a shared device (dsnoop, pulse)"
    guard let holder else { return ("another program has it", "see which: serd doctor; then \(remedy)") }
    return ("\(holder) has it", remedy)
  }

  /// What refuses a sound card that is there: EACCES is its node's group and mode, EPERM the device policy of a
  /// service; nil if none is refused.
  private static func ofForbiddenCard() -> DeviceFault? {
    for card in 0..<32 where access("/dev/snd/controlC\(card)", R_OK) == -1 {
      if errno == EACCES || errno == EPERM { return .error(errno) }
    }
    return nil
  }
}
