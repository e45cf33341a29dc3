import ArgumentParser
import SerdAudio
import SerdNetwork

/// Exit codes, from sysexits(3).
enum ExitStatus: Int32 {
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case `internal` = 70
  case ioError = 74
}

/// Says on stderr, in one line, why the program ends; the result is to be thrown. (The argument parser's own way of printing
/// an error would add a usage text.)
func failure(_ message: String, code: ExitStatus) -> ExitCode {
  Output.warn(message)
  return ExitCode(code.rawValue)
}

extension AudioError.Kind {
  var exitCode: ExitStatus {
    switch self {
    case .noInput: .noInput
    case .badData: .badData
    case .internal: .internal
    }
  }
}

extension ModelFileError.Kind {
  var exitCode: ExitStatus {
    switch self {
    case .noInput: .noInput
    case .badData: .badData
    }
  }
}
