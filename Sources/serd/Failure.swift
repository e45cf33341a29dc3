import ArgumentParser
import SerdAudio
import SerdNetwork
import SerdServer

/// Exit codes, from sysexits(3).
enum ExitStatus: Int32 {
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case `internal` = 70
  case system = 71
  case ioError = 74
  case configuration = 78
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

extension EventServerError.Kind {
  var exitCode: ExitStatus {
    switch self {
    case .alreadyRunning: .unavailable
    case .configuration: .configuration
    case .system: .system
    }
  }
}

/// Something that the command needs is not there now: a microphone, a daemon.
struct Unavailable: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

enum Failures {
  /// Runs `body`; an error of ours becomes one line on stderr and the documented exit code.
  static func reported(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as AudioError {
      throw failure(error.description, code: error.kind.exitCode)
    } catch let error as ModelFileError {
      throw failure(error.description, code: error.kind.exitCode)
    } catch let error as ConfigurationError {
      throw failure(error.description, code: .configuration)
    } catch let error as EventServerError {
      throw failure(error.description, code: error.kind.exitCode)
    } catch let error as OutputError {
      throw failure(error.description, code: .ioError)
    } catch let error as Unavailable {
      throw failure(error.reason, code: .unavailable)
    }
  }
}
