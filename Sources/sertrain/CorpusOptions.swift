import ArgumentParser
import SerdConsole
import SerdCorpora
import SerdTraining

/// Which corpus, and what of it.
struct CorpusOptions: ParsableArguments {
  @Argument(help: "Folder of the corpus, or a manifest (CSV with path,label,speaker and perhaps text).")
  var corpus: String

  @Option(
    help:
      "Format: \(Corpus.formats.joined(separator: ", ")). Default: manifest for a .csv, else that of the recipe's experiment, else emodb."
  )
  var format: String?

  @Option(
    help: "Another corpus to join, FORMAT:FOLDER; can be repeated. What is used then are the labels that all have.")
  var also: [String] = []

  @Option(
    help: """
      Labels to use, in this order, separated by commas; neutral+calm takes what is calm as neutral. With --also a corpus may lack some: \
      it then teaches nothing about these. Without it the labels that all corpora have.
      """)
  var labels: String?

  @Option(
    help: """
      Another corpus to learn from beside this one, FORMAT:FOLDER, through a last layer of its own; can be repeated. Its speakers are \
      never tested, its labels are not in the model, its terms are.
      """)
  var beside: [String] = []

  @Option(help: "IEMOCAP: improvised or scripted. ASVP-ESD: speech or non-speech. Default: all.")
  var part: String?

  @Option(help: "IEMOCAP: 4 or full. ASVP-ESD: 12 or 13. Default: 4 and 13.")
  var classes: String?

  @Option(help: "IEMOCAP: sessions, separated by commas. Default: all.")
  var sessions: String?

  @Option(help: "IEMOCAP: what counts as a speaker, speaker or session.")
  var foldUnit: String?

  @Flag(help: "Go on without recordings that cannot be read; they are listed. Reads the corpus twice.")
  var leaveOutUnreadable = false

  /// Reads the corpus and says what was left out. What is not asked for is as in a published experiment, if there is
  /// one.
  func read(like published: PublishedExperiment? = nil) throws -> Corpus {
    var selection = published?.selection ?? CorpusSelection()
    func value<Value: RawRepresentable & CaseIterable>(
      _ text: String?, _ name: String, else usual: Value?
    ) throws -> Value? where Value.RawValue == String {
      guard let text else { return usual }
      if let value = Value(rawValue: text) { return value }
      throw CommandError(
        .usage, "there is no --\(name) \"\(text)\"",
        advice: "use \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let format = format ?? (corpus.hasSuffix(".csv") ? "manifest" : published?.format ?? "emodb")
    if format != published?.format { selection = CorpusSelection() }
    selection.part = try value(part, "part", else: selection.part)
    selection.classes = try value(classes, "classes", else: selection.classes)
    selection.foldUnit = try value(foldUnit, "fold-unit", else: selection.foldUnit)
    if let sessions {
      let numbers = WordList.words(sessions).map { Int($0) ?? 0 }
      selection.sessions = Array(Set(numbers)).sorted()
    }
    var found = try Corpus.read(format: format, folder: corpus, selection: selection)
    let others = try also.map { try Self.named($0, by: "--also") }
    if let labels {
      found = try Corpus.united([found] + others, labels: LabelChoice(labels))
    } else if !others.isEmpty {
      found = try Corpus.joined([found] + others)
    }
    if !beside.isEmpty { found = try found.trained(beside: beside.map { try Self.named($0, by: "--beside") }) }
    if leaveOutUnreadable {
      found = CorpusInspection(of: found).readable(of: found)
      guard !found.own.isEmpty else {
        throw CommandError("no recording in \(corpus) can be read", advice: "see sertrain inspect")
      }
    }
    Output.say(
      "\(found.name): \(found.recordings.count) recordings, \(found.trainedSpeakers.count) speakers, \(found.trainedLabels.count) labels"
    )
    if !beside.isEmpty {
      Output.say(
        "  of them tested: \(found.own.count) recordings, \(found.speakers.count) speakers, \(found.labels.count) labels"
      )
    }
    if !found.leftOut.isEmpty {
      Output.say("left out \(found.leftOut.count) (sertrain inspect lists them):")
      for line in LeftOut.summary(found.leftOut) { Output.say("  \(line)") }
    }
    return found
  }

  /// A corpus of --also or --beside.
  private static func named(_ word: String, by option: String) throws -> Corpus {
    guard let colon = word.firstIndex(of: ":") else {
      throw CommandError(.usage, "\(option) \(word) names no format", advice: "write \(option) ravdess:FOLDER")
    }
    return try Corpus.read(format: String(word[..<colon]), folder: String(word[word.index(after: colon)...]))
  }

  /// The corpus as a recipe wants it: read, and cut.
  func read(for recipe: Recipe) throws -> Corpus {
    let corpus = try read(like: recipe.published)
    guard let cutting = recipe.cutting else { return corpus }
    let cut = try corpus.cut(cutting)
    Output.say("cut to pieces of \(cutting.seconds) s: \(cut.recordings.count)")
    return cut
  }
}
