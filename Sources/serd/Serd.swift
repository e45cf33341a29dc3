import ArgumentParser
import Glibc
import SerdPipeline
import SerdSystem

/// The command line of `serd`: it only chooses among the subcommands. Data on stdout, messages on stderr.
///
/// Without the name of a subcommand it is `run`, whose options therefore work without it. They are not options of this
/// command: the argument parser would take them away from subcommands that have options of the same name.
@main
struct Serd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serd",
    abstract: "Says how a speaker sounds: speech emotion recognition that never leaves this machine.",
    usage: """
      serd [--device <name>] [--config <path>] [--model <path>] ...  listen to the microphone
      serd --once <file> [--json [--windows]] [--model <path>]      classify a recording
      serd classify <path> ...                                      classify many
      serd <subcommand> ...
      """,
    discussion: """
      Without a subcommand serd listens to the microphone until it is told to stop, and sends events to a Unix socket \
      (serd watch shows them); with --once it classifies a recording, with classify many. All options: serd help run.

      Exit codes: 0 done (also when there was no speech), 64 wrong usage, 65 bad audio or model data, 66 no such input, \
      69 not available (no microphone, no daemon, or one that runs already), 70 internal error, 71 refused by the system, \
      74 output could not be written, 78 wrong configuration.
      """,
    version: Version.text,
    subcommands: [
      Run.self, Classify.self, Watch.self, Status.self, Mute.self, Unmute.self, Enrol.self, RunOn.self, Devices.self,
      Tune.self, BenchCommand.self, CheckConfig.self, DoctorCommand.self,
    ], defaultSubcommand: Run.self)

  static func main() {
    // Which signals are blocked is inherited: whoever starts serd from a thread that blocks SIGTERM could not end it.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    // Names of files are bytes: those that are no UTF-8 would be lost.
    main(FileName.arguments)
  }
}
