import CALSA
import Glibc

/// Everything that can be captured from on this machine: the sound cards by their stable names, then what libasound's
/// configuration names besides (`default`, `pulse`), as far as it exists.
///
/// A picture of one moment; `MicrophoneSource` follows changes by itself.
package enum DeviceList {
  /// Looks for devices. Cost: each is opened for a moment, some milliseconds.
  package static func captureDevices() -> [CaptureDescription] {
    let cards = hardware()
    let named = configured().filter { entry in !cards.contains { $0.device == entry.device } }
    return cards + named
  }

  /// The capture devices of all cards, as `plughw:CARD=Mic,DEV=0`.
  private static func hardware() -> [CaptureDescription] {
    PCM.prepareLibrary()
    var found: [CaptureDescription] = []
    var card: Int32 = -1
    while snd_card_next(&card) == 0, card >= 0 {
      var control: OpaquePointer?
      guard snd_ctl_open(&control, "hw:\(card)", SND_CTL_NONBLOCK) == 0, let control else {
        found.append(CaptureDescription(device: "plughw:\(card)", title: "card \(card)"))
        continue
      }
      defer { snd_ctl_close(control) }
      found += captureDevices(of: control)
    }
    return found
  }

  private static func captureDevices(of control: OpaquePointer) -> [CaptureDescription] {
    var info: OpaquePointer?
    var part: OpaquePointer?
    guard snd_ctl_card_info_malloc(&info) == 0, snd_pcm_info_malloc(&part) == 0 else { return [] }
    defer {
      snd_ctl_card_info_free(info)
      snd_pcm_info_free(part)
    }
    guard snd_ctl_card_info(control, info) == 0 else { return [] }
    let id = String(cString: snd_ctl_card_info_get_id(info))
    let card = String(cString: snd_ctl_card_info_get_name(info))
    var found: [CaptureDescription] = []
    var device: Int32 = -1
    while snd_ctl_pcm_next_device(control, &device) == 0, device >= 0 {
      snd_pcm_info_set_device(part, UInt32(device))
      snd_pcm_info_set_subdevice(part, 0)
      snd_pcm_info_set_stream(part, SND_PCM_STREAM_CAPTURE)
      // A device without capture says so here.
      guard snd_ctl_pcm_info(control, part) == 0 else { continue }
      let name = String(cString: snd_pcm_info_get_name(part))
      found.append(CaptureDescription(device: "plughw:CARD=\(id),DEV=\(device)", title: "\(card), \(name)"))
    }
    return found
  }

  /// Names that alsa-plugins and libasound bring along and that are no microphones of their own. (Those of jack and oss
  /// besides write to stderr when there is no server.)
  private static let converters: Set<String> = [
    "null", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix", "jack", "oss",
  ]

  /// What the configuration offers that is no other name of a card.
  private static func configured() -> [CaptureDescription] {
    var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    guard snd_device_name_hint(-1, "pcm", &hints) == 0, let hints else { return [] }
    defer { snd_device_name_free_hint(hints) }
    var found: [CaptureDescription] = []
    var next = hints
    while let hint = next.pointee {
      next += 1
      guard let name = text(hint, "NAME"), !name.contains("CARD="), !converters.contains(name) else { continue }
      // Without a direction it does both.
      guard text(hint, "IOID") != "Output" else { continue }
      let title = text(hint, "DESC")?.split(separator: "\n").joined(separator: ", ")
      let description = CaptureDescription(device: name, title: title ?? name)
      // Converters and servers that are not set up are named all the same.
      if description.capabilities != nil { found.append(description) }
    }
    return found
  }

  private static func text(_ hint: UnsafeMutableRawPointer, _ key: String) -> String? {
    guard let value = snd_device_name_get_hint(hint, key) else { return nil }
    defer { free(value) }
    return String(cString: value)
  }
}
