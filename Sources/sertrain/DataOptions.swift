import ArgumentParser
import SerdCorpora
import SerdNetwork
import SerdTraining

/// What train and crossval share.
struct DataOptions: ParsableArguments {
  @OptionGroup var source: CorpusOptions

  @Option(
    help: "Name of a recipe (see sertrain recipes), or a file NAME.json with one. Default: rooms; with --encoder head.")
  var recipe: String?

  @Option(
    help: "A pretrained speech encoder, made by tools/make-encoder: a head on it is trained, in place of a network.")
  var encoder: String?

  @Option(help: "Train this many epochs instead of the recipe's.")
  var epochs: Int?

  @Option(help: "Length of the window in seconds instead of the recipe's: 0.6 to 8.")
  var seconds: Double?

  @Option(
    help: """
      A float model of another corpus to start from, all but its last layer; what is trained has that corpus's terms, too.
      """)
  var startFrom: String?

  @Option(help: "Folder for the log, checkpoints and results; the same command goes on where it was stopped.")
  var run: String

  /// Of train's and crossval's options, the flags, and how those are told in models that name a place of this machine.
  private static let told: [String: PublicCommand.Option] = [
    "--also": .corpus, "--beside": .corpus, "--leave-out-unreadable": .flag, "--recipe": .recipe,
    "--start-from": .place("START"), "--run": .place("RUN"), "--evaluation": .place("EVALUATION"), "--list": .flag,
    "--ledger": .place("LEDGER"), "--encoder": .place("ENCODER"),
  ]

  /// The model to start from.
  func start() throws -> StartModel? {
    guard let startFrom else { return nil }
    return try reading(startFrom) { () throws(ModelFileError) in try StartModel(path: startFrom) }
  }

  /// The recipe with the overrides.
  func chosenRecipe(start: StartModel?) throws -> Recipe {
    var chosen = try Recipe.find(recipe ?? (encoder == nil ? "rooms" : "head"))
    if let head = chosen.head {
      guard let encoder else {
        throw CommandError(
          .usage, "recipe \(chosen.name) trains a head on a speech encoder, and none is named",
          advice: "name one with --encoder; tools/make-encoder makes it")
      }
      guard epochs == nil, seconds == nil, start == nil, source.beside.isEmpty else {
        throw CommandError(
          .usage, "a head has no epochs, no other window than 2 s, no start and no corpora beside it",
          advice: "leave --epochs, --seconds, --start-from and --beside out")
      }
      chosen.head = try HeadRecipe(head, encoderFile: encoder)
    } else if encoder != nil {
      throw CommandError(
        .usage, "recipe \(chosen.name) trains a Light-SERNet, not a head on an encoder",
        advice:
          "leave --encoder out, or use recipe \(Recipe.named.filter { $0.head != nil }.map(\.name).joined(separator: " or "))"
      )
    }
    if let epochs {
      guard epochs > 0 else {
        throw CommandError(.usage, "\(epochs) epochs train nothing", advice: "use 1 or more")
      }
      chosen.epochs = epochs
    }
    if let seconds {
      guard (0.6...8).contains(seconds) else {
        throw CommandError(.usage, "windows of \(seconds) s are not supported", advice: "use 0.6 to 8")
      }
      chosen.windowFrames = chosen.frontEnd.frames(inSamples: Int(seconds * Double(chosen.frontEnd.sampleRate)))
    }
    chosen.start = start?.sha256
    return chosen
  }

  /// The run's folder, if it is free or of this experiment.
  func runFolder(for experiment: Experiment, start: StartModel?) throws -> RunFolder {
    try advising(" with --run", of: .usage) { try RunFolder(path: run, experiment: experiment, start: start) }
  }

  /// Where the models of this command come from.
  func provenance(corpus: Corpus, recipe: Recipe, seed: UInt64, start: StartModel?) -> Provenance {
    let encoderTerms = recipe.head == nil ? "" : HeadRecipe.encoderTerms
    let own = Provenance(
      corpora: corpus.parts, terms: corpus.terms + encoderTerms, recipe: recipe.name, seed: seed, revision: revision(),
      command: PublicCommand(
        ["sertrain"] + CommandLine.arguments.dropFirst(), corpus: source.corpus, options: Self.told
      ).text)
    return start?.extend(own) ?? own
  }
}
