import ArgumentParser
import SerdConsole
import SerdDiagnosis
import SerdNetwork
import SerdPipeline
import SerdServer
import SerdSystem

/// `serd bench`: how fast this machine is at what serd does.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time every stage on this machine, and say what share of a core listening takes.",
    discussion: "It needs no microphone and takes some seconds. For steady figures let nothing else run.")

  @Flag(name: .long, help: "Print one JSON object instead of a table.")
  var json = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Use the int8 kernels of this instruction set: \(Self.names(InstructionSet.allCases)) (default: the best here).",
      valueName: "name"))
  var instructionSet: String?

  @Option(
    name: .long, help: ArgumentHelp("The int8 model to run (default: the bundled EMO-DB model).", valueName: "path"))
  var model: String?

  @Option(name: .long, help: "About how long to measure, in seconds, from 0 (rough) to 600.")
  var seconds = 4.0

  func validate() throws {
    _ = try chosenSet()
    guard seconds >= 0, seconds <= 600 else {
      throw ValidationError("--seconds takes a number from 0 to 600, not \(seconds).")
    }
  }

  func run() throws {
    try reporting {
      let layers = try ConfigurationLayers(path: nil, environment: Environment.variables, options: [])
      var bench = try Bench(
        model: ModelChoice.load(model), transform: layers.configuration.transform, instructionSet: chosenSet(),
        seconds: seconds)
      let report = bench.run()
      try Output.write(json ? report.jsonLine() : report.text)
    }
  }

  private func chosenSet() throws -> InstructionSet {
    guard let instructionSet else { return .best }
    guard let named = InstructionSet(named: instructionSet) else {
      throw ValidationError(
        "there is no instruction set '\(instructionSet)'; serd has kernels for \(Self.names(InstructionSet.allCases)).")
    }
    guard named.isAvailable else {
      throw ValidationError(
        "this processor has no \(named.name); it has \(Self.names(InstructionSet.available)).")
    }
    return named
  }

  private static func names(_ sets: [InstructionSet]) -> String { sets.map(\.name).joined(separator: ", ") }
}
