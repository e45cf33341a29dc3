import Glibc
import SerdAudio
import SerdFeatures
import SerdSystem

/// Listens to a microphone until enough is known about it.
struct Ear {
  /// What is known of the microphone.
  enum Finding {
    /// Nothing: it neither opens nor fails.
    case nothing
    case capturing(NativeFormat)
    case refused(DeviceCondition.Reason)
  }

  private let wanted: Int
  private let patience: Int64
  private(set) var microphone = Finding.nothing
  private(set) var signal = SignalCondition.normal
  /// Samples heard, at the pipeline's rate.
  private(set) var samples = 0
  private var loudest: Float = 0
  private var sum = 0.0

  init(_ settings: Doctor.Settings) {
    wanted = Int(max(4, settings.seconds) * Double(SampleRate.pipeline))
    patience = Int64(settings.patience) * 1_000_000
  }

  /// The mean of all samples: a constant offset, as a share of full scale.
  var offset: Double { sum / Double(max(1, samples)) }

  /// The largest sample in whole dBFS.
  var peak: Int { Int(decibels(ofMeanSquare: loudest * loudest).rounded()) }

  /// Ends when enough was heard, with the first obstacle or complaint, or when nothing comes for a while.
  mutating func listen(to source: MicrophoneSource) {
    var latest = MonotonicClock.now
    source.listen(timeout: .milliseconds(100)) { reading, block in
      if reading != .nothing { latest = MonotonicClock.now }
      switch reading {
      case .samples:
        samples += block.count
        for sample in block {
          loudest = max(loudest, abs(sample))
          sum += Double(sample)
        }
      case .device(.capturing(let format)): microphone = .capturing(format)
      case .device(.waiting(let reason)):
        if case .nothing = microphone { microphone = .refused(reason) }
        return false
      case .signal(let condition):
        signal = condition
        if condition != .normal { return false }
      case .gap, .nothing, .ended: break
      }
      return samples < wanted && MonotonicClock.now - latest < patience
    }
  }
}
