import ArgumentParser
import SerdConsole
import SerdNetwork
import SerdSystem
import SerdTraining

/// What stands in the way of a command that is right in itself.
typealias CommandError = Explained<Sertrain>

extension Explained where Subject == Sertrain {
  /// What is there cannot be used.
  init(_ problem: String, advice: String) { self.init(.badData, problem, advice: advice) }
}

extension ParsableCommand {
  /// Runs the command's work; an error of ours becomes one line on stderr and the documented exit code. (The argument
  /// parser's own way of printing an error would add a usage text.)
  func reporting(_ body: () throws -> Void) throws {
    if let status = try explaining(body) { throw ExitCode(status.rawValue) }
  }
}

/// Runs `body`; an error of that cause is advised to use an option of the command, too, which the library knows nothing
/// of.
func advising<Result>(_ option: String, of cause: ErrorCause, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as TrainingError where error.cause == cause {
    throw error.advising(error.advice + option)
  }
}

/// Runs `body`; a model file's error then says which file it is about.
func reading<Result>(_ path: String, _ body: () throws(ModelFileError) -> Result) throws(ModelFileError) -> Result {
  do {
    return try body()
  } catch {
    throw error.at("model \(path)")
  }
}
