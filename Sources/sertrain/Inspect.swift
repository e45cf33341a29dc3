import ArgumentParser
import Foundation
import SerdConsole
import SerdCorpora
import SerdTraining

/// `sertrain inspect`: what a corpus holds, as training will see it.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read a whole corpus: counts, durations, what is left out and why.",
    discussion:
      "Ends with 65 if a recording cannot be read, since training would stop there; the report is printed all the same."
  )

  @OptionGroup var source: CorpusOptions

  @Flag(help: "One JSON object, with every file that is left out.")
  var json = false

  func run() throws {
    try reporting {
      let corpus = try source.read()
      let inspection = CorpusInspection(of: corpus)
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try Output.write(String(decoding: try encoder.encode(inspection), as: UTF8.self) + "\n")
      } else {
        try Output.write(inspection.text)
      }
      if !inspection.unreadable.isEmpty {
        throw CommandError(
          "\(inspection.unreadable.count) of \(corpus.recordings.count) recordings of \(corpus.name) cannot be read, the first is \(inspection.unreadable[0])",
          advice: "repair them, or train with --leave-out-unreadable")
      }
    }
  }
}
