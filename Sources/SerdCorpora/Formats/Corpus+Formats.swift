extension Corpus {
  /// Names of the formats that `read` knows.
  package static let formats = ["emodb", "ravdess", "iemocap", "asvp-esd", "manifest"]

  /// Reads a corpus by the name of its format.
  ///
  /// - Parameter folder: where it is; for `manifest` the CSV file, or the folder of a `manifest.csv`.
  package static func read(
    format: String, folder: String, selection: CorpusSelection = CorpusSelection()
  ) throws(CorpusError) -> Corpus {
    try selection.check(format: format)
    switch format {
    case "emodb": return try EMODB.read(folder: folder)
    case "ravdess": return try RAVDESS.read(folder: folder)
    case "iemocap": return try IEMOCAP.read(folder: folder, selection: selection)
    case "asvp-esd": return try ASVPESD.read(folder: folder, selection: selection)
    case "manifest": return try Manifest.read(path: folder)
    default:
      throw CorpusError(
        .usage, "there is no corpus format \"\(format)\"", advice: "use \(formats.joined(separator: ", "))")
    }
  }
}
