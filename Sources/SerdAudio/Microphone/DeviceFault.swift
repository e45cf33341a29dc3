import CALSA
import Glibc

/// Why a device cannot be opened or delivers no more: libasound's error number, with what it means for the user.
struct DeviceFault: Error {
  /// A positive errno.
  let code: Int32

  /// From a result of libasound, which is a negative errno.
  init(result: Int) { code = Int32(clamping: -result) }

  /// A device that is there and says nothing, not even that it fails.
  static let silent = DeviceFault(result: -Int(ETIMEDOUT))

  /// libasound's words, as "Device or resource busy".
  var words: String { String(cString: snd_strerror(-code)) }

  /// What kind of obstacle to opening it is.
  var obstacle: DeviceCondition.Obstacle {
    switch code {
    // The last is a sound server that does not run.
    case ENOENT, ENODEV, ENXIO, ECONNREFUSED: .missing
    case EBUSY, EAGAIN: .busy
    case EACCES, EPERM: .denied
    default: .failed
    }
  }

  /// Why a device could not be opened. Cost: for some obstacles a look into /proc and /dev.
  func refused(_ device: String) -> DeviceCondition.Reason {
    // libasound looks a card up by name among those that it may open, so a forbidden one is not found.
    if obstacle == .missing, let refusal = DeviceFault.ofForbiddenCard() { return refusal.refused(device) }
    let (problem, advice) = explanation(device)
    return DeviceCondition.Reason(obstacle, device: device, problem: problem, advice: advice)
  }

  /// Why a running device delivers no more.
  func lost(_ device: String) -> DeviceCondition.Reason {
    let problem = code == ETIMEDOUT ? "it delivers no samples any more" : "it delivers no more sound (\(words))"
    return DeviceCondition.Reason(
      .lost, device: device, problem: "\(problem): unplugged, or its sound server ended",
      advice: "plug it in again, or choose another with: serd devices")
  }

  private func explanation(_ device: String) -> (problem: String, advice: String) {
    switch obstacle {
    case .missing where code == ECONNREFUSED:
      ("the sound server does not answer", "start it, or choose a device without one with: serd devices")
    case .missing:
      ("there is no such device", "plug it in, or choose another with: serd devices")
    case .busy:
      (
        "\(DeviceHolder.find(device)?.description ?? "another program") has it",
        "end that program, or give both a shared device (dsnoop, pulse)"
      )
    case .denied where code == EPERM:
      (
        "the device policy of the service refuses it (DeviceAllow= in its unit), as when the sound module was loaded later",
        "try: systemctl stop serd && systemctl start serd"
      )
    case .denied:
      ("this user may not open it", "add the user to the group audio, as with: adduser serd audio")
    case .lost, .failed:
      ("cannot be opened (\(words))", "check its name, and what can be captured from, with: serd devices")
    }
  }

  /// What refuses a sound card that is there: EACCES is its node's group and mode, EPERM the device policy of a
  /// service; nil if none is refused.
  private static func ofForbiddenCard() -> DeviceFault? {
    for card in 0..<32 where access("/dev/snd/controlC\(card)", R_OK) == -1 {
      if errno == EACCES || errno == EPERM { return DeviceFault(result: -Int(errno)) }
    }
    return nil
  }
}
