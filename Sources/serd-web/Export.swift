import ArgumentParser
import SerdConsole
import SerdWeb

/// `serd-web export`: the history, for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the history as CSV or JSON: a row for every emotion and every piece of time.",
    discussion: "A service's history belongs to it alone: sudo serd-web export.")

  @OptionGroup var settings: SettingsOptions

  @Option(name: .long, help: ArgumentHelp("csv or json.", valueName: "format"))
  var format = "csv"

  @Option(name: .long, help: ArgumentHelp("The first day, in the machine's time zone.", valueName: "yyyy-mm-dd"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("The last day.", valueName: "yyyy-mm-dd"))
  var to: String?

  func validate() throws {
    if HistoryExport.Format(rawValue: format) == nil { throw ValidationError("--format is csv or json.") }
    for day in [from, to].compactMap({ $0 }) where LocalDay(day) == nil {
      throw ValidationError("'\(day)' is not a day such as 2026-03-01.")
    }
  }

  func run() throws {
    try reporting {
      let (layers, _) = try settings.load()
      let store = try HistoryStore(path: layers.settings.historyPath, isReadOnly: true)
      var export = HistoryExport(
        store: store, format: HistoryExport.Format(rawValue: format)!,
        from: from.flatMap { LocalDay($0)?.start } ?? 0, to: to.flatMap { LocalDay($0)?.end } ?? .max / 2)
      while let piece = try export.next() { try Output.write(piece) }
    }
  }
}
