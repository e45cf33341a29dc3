import ArgumentParser
import Foundation
import SerdConsole
import SerdTraining

/// `sertrain report`: what a cross-validation gave, to look at, to read by a program, or to put on a model card.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the report of a cross-validation: one HTML file, or JSON, or the text of a model card.",
    discussion:
      "Folds that are done are reported, others named. Several run folders of one experiment are put together. The page needs no "
      + "network and no script, and follows the reader's choice of light or dark.")

  @Argument(help: ArgumentHelp("Run folders of crossval.", valueName: "run"))
  var folders: [String]

  @Option(help: "File of the page (default: report.html in the first run folder).")
  var output: String?

  @Flag(help: "Print all figures as one JSON object instead.")
  var json = false

  @Flag(help: "Print the text of a model card (Markdown) instead.")
  var card = false

  func run() throws {
    try reporting {
      guard !(json && card), output == nil || !(json || card) else {
        throw CommandError(
          .usage, "--json, --card and --output do not go together", advice: "use one; the first two go to stdout")
      }
      let record = try RunRecord(folders: folders)
      // Its page and card speak of a network's layers, epochs and float form, which a head does not have.
      guard record.experiment.recipe.head == nil else {
        throw CommandError(
          .usage, "\(folders[0]) is a run of heads on an encoder, of which there is no report",
          advice: "the command that made it prints its table again")
      }
      let figures = ReportFigures(record: record)
      if json {
        try Output.write(String(decoding: try StableJSON.data(figures), as: UTF8.self) + "\n")
      } else if card {
        try Output.write(ModelCard(record: record, figures: figures).markdown)
      } else {
        let file = output ?? RunFolder.reportPage(folders[0])
        try OutputFile.write(ReportPage(figures: figures).html.utf8, to: file)
        try Output.write(file + "\n")
      }
    }
  }
}
