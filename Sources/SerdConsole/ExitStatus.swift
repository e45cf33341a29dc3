import SerdSystem

/// Exit codes, from sysexits(3).
package enum ExitStatus: Int32, Sendable {
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case `internal` = 70
  case system = 71
  case cannotWrite = 74
  case configuration = 78

  /// That of an error.
  package init(_ cause: ErrorCause) {
    switch cause {
    case .usage: self = .usage
    case .noInput: self = .noInput
    case .badData: self = .badData
    case .unavailable: self = .unavailable
    case .system: self = .system
    case .cannotWrite: self = .cannotWrite
    case .configuration: self = .configuration
    case .internal: self = .internal
    }
  }
}
