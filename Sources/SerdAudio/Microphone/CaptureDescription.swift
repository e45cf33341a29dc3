import CALSA
import Glibc

/// A device that sound can be captured from, as `serd devices` shows it.
package struct CaptureDescription: Equatable, Sendable {
  /// What to configure: libasound's name, which stays the same however many cards are plugged in.
  package let device: String
  /// What its maker calls it.
  package let title: String
  /// What it does without conversion; nil if it cannot be opened now.
  package let capabilities: Capabilities?
  /// Why it cannot be opened now; nil if it can.
  package let obstacle: DeviceCondition.Reason?

  /// The formats of a device, before any conversion.
  package struct Capabilities: Equatable, Sendable {
    /// In Hz, ascending: those of the usual rates that it has.
    package let rates: [Int]
    /// The fewest and the most channels.
    package let channels: ClosedRange<Int>
    /// libasound's names of those formats that are read, as "S16_LE".
    package let formats: [String]
  }

  /// The rates that are looked for.
  static let usualRates = [
    8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
  ]

  /// Opens a device for a moment and looks at what it can do. A device that is in use can be busy.
  package init(device: String, title: String) {
    self.device = device
    self.title = title
    do throws(DeviceFault) {
      let pcm = try PCM.open(device)
      defer { snd_pcm_close(pcm) }
      capabilities = try PCM.withParameters(of: pcm) { Capabilities(pcm, $0) }
      obstacle = nil
    } catch {
      capabilities = nil
      obstacle = error.refused(device)
    }
  }
}

extension CaptureDescription.Capabilities {
  fileprivate init(_ pcm: OpaquePointer, _ parameters: OpaquePointer) {
    rates = CaptureDescription.usualRates.filter { snd_pcm_hw_params_test_rate(pcm, parameters, UInt32($0), 0) == 0 }
    var fewest: UInt32 = 1
    var most: UInt32 = 1
    snd_pcm_hw_params_get_channels_min(parameters, &fewest)
    snd_pcm_hw_params_get_channels_max(parameters, &most)
    channels = Int(fewest)...Int(max(fewest, most))
    formats = SampleEncoding.allCases.filter { snd_pcm_hw_params_test_format(pcm, parameters, $0.alsa) == 0 }.map(
      \.name)
  }
}
