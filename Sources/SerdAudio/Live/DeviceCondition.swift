/// Whether there is a device that delivers sound, and if not, why.
package enum DeviceCondition: Equatable, Sendable {
  /// Sound arrives, in this format before conversion.
  case capturing(NativeFormat)
  /// There is none at present; the source tries again by itself.
  case waiting(Reason)

  /// What is in the way.
  package enum Obstacle: String, CaseIterable, Sendable {
    /// No such device: not plugged in, not enumerated yet, or misspelt.
    case missing
    /// Another program has it.
    case busy
    /// It is there, but this user may not open it.
    case denied
    /// It was there and delivers no longer: unplugged, or a sound server that ended.
    case lost
    /// It can be opened, and delivers no samples.
    case silent
    /// It can be opened, and has no format, rate and channels that are read.
    case unsuitable
    /// It delivers sound faster than sound is, as ALSA's `null`: no microphone.
    case clockless
    /// Any other error of the sound system.
    case failed
  }

  /// Why there is no sound: what is in the way of which device, and what to try.
  package struct Reason: Equatable, Sendable, CustomStringConvertible {
    /// The kind of it.
    package let obstacle: Obstacle
    /// The device, as its user named it.
    package let device: String
    /// What is wrong with it.
    package let problem: String
    /// What to try.
    package let advice: String

    /// The parts.
    package init(_ obstacle: Obstacle, device: String, problem: String, advice: String) {
      self.obstacle = obstacle
      self.device = device
      self.problem = problem
      self.advice = advice
    }

    /// One line: which, what, what to try.
    package var description: String { "\(device): \(problem); \(advice)" }
  }
}
