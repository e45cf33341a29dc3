import ArgumentParser
import SerdConsole
import SerdFeatures
import SerdLearning
import SerdSystem
import SerdTraining

/// The command line of the offline trainer. Results on stdout, progress and messages on stderr.
@main
struct Sertrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sertrain",
    abstract: "Trains and evaluates speech-emotion models for serd, by protocols that keep speakers apart.",
    subcommands: [
      Inspect.self, Train.self, CrossValidate.self, RobustnessCommand.self, Report.self, Calibrate.self,
      CompareQuantisation.self, Quantise.self, Export.self, Import.self, Logits.self, Recipes.self,
    ])

  static func main() {
    // As in a corpus folder: such a name would be lost in tables, run folders and models.
    if let name = FileName.arguments.first(where: { !FileName.isText($0) }) {
      Output.warn("\(printable(name)): is no UTF-8, and sertrain reads no such names; rename it, as with convmv")
      exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }
    // Before anything touches OpenBLAS, which chooses its kernels when it is loaded.
    OpenBLASCore.chooseBeforeLoad()
    if let problem = TransformKind.problem {
      Output.warn(problem)
      exit(withError: ExitCode(ExitStatus.configuration.rawValue))
    }
    main(nil)
  }
}
