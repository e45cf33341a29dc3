import SerdConsole

/// The report as one HTML file: no script, no network, pictures as inline SVG, every picture's values also as a table.
package struct ReportPage {
  let figures: ReportFigures

  /// The page of some figures.
  package init(figures: ReportFigures) { self.figures = figures }

  /// The file's text.
  package var html: String {
    let run = figures.run
    let title = "\(run.corpus), \(run.evaluationProtocol), \(run.recipe.name)".escaped
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <main>
      <h1>\(run.corpus.escaped) <small>\(run.evaluationProtocol.escaped), recipe \(run.recipe.name.escaped)</small></h1>
      \(warnings)
      \(tiles)
      \(runSection)
      \(resultSection)
      \(confusionSection)
      \(calibrationSection)
      \(classSection)
      \(speakerSection)
      \(curveSection)
      \(foldSection)
      \(definitions)
      </main>
      </body>
      </html>

      """
  }

  var int8: ReportFigures.Network { figures.networks.last! }

  private var warnings: String {
    let run = figures.run
    var text = ""
    if run.isLeaky {
      text += "<p class=\"warning\" role=\"note\"><strong>Leaky protocol.</strong> \(run.protocolNote.escaped)</p>"
    }
    if !run.unfinished.isEmpty {
      text += "<p class=\"warning\" role=\"note\"><strong>Not finished.</strong> The figures lack "
      text += "\(run.unfinished.joined(separator: ", ").escaped).</p>"
    }
    return text
  }

  /// The headline.
  private var tiles: String {
    func tile(_ name: String, _ interval: Interval) -> String {
      "<div class=\"tile\"><span>\(name)</span><b>\(interval.value.percent) %</b>"
        + "<span>\(interval.low.percent) to \(interval.high.percent)</span></div>"
    }
    return "<div class=\"tiles\">" + tile("UA, int8", int8.unweightedAccuracy) + tile("WA, int8", int8.weightedAccuracy)
      + tile("F1 (macro), int8", int8.macroF1) + tile("calibration error, int8", int8.calibrationError) + "</div>"
  }

  private var runSection: String {
    let run = figures.run
    let recipe = run.recipe
    let rows: [(String, String)] = [
      (
        "Corpus",
        "\(run.corpus): \(run.recordings) recordings tested, \(run.speakers.count) speakers, \(run.labels.count) emotions"
      ),
      ("Protocol", "\(run.evaluationProtocol): \(run.protocolNote)"),
      ("Recipe", "\(recipe.name): \(recipe.purpose)"),
      (
        "Network",
        "\(recipe.architecture.name), \(recipe.architecture.trainableParameters(classes: run.labels.count)) parameters, "
          + "\(recipe.windowFrames) frames"
      ),
      (
        "Training",
        "\(recipe.epochs) epochs, batch \(recipe.batchSize), \(run.trainingMinutes.decimals(0)) minutes of one thread in all"
      ),
      ("Seeds", run.seeds.map(String.init).joined(separator: ", ")),
      (
        "Git revision",
        run.revision.hasSuffix("+") ? "\(run.revision) (with changes that were not committed)" : run.revision
      ),
      ("Command", run.command), ("Terms", run.terms),
    ]
    let cells = rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\($0.1.escaped)</td></tr>" }.joined(separator: "\n")
    return section("What was run", "<table class=\"wide\">\(cells)</table>")
  }

  func section(_ title: String, _ content: String) -> String { "<section><h2>\(title)</h2>\n\(content)\n</section>" }

  /// A picture with its caption, and a table of the same values for who cannot see it or wants the numbers.
  func figure(_ svg: String, caption: String, table: String) -> String {
    "<figure>\(svg)<figcaption>\(caption)</figcaption><details><summary>Values</summary>\(table)</details></figure>"
  }

  /// - Parameter rows: the first cell of each is its heading. Cells are text, not markup.
  func table(_ headings: [String], _ rows: [[String]]) -> String {
    let head = headings.map { "<th scope=\"col\">\($0.escaped)</th>" }.joined()
    let body = rows.map { row in
      "<tr><th scope=\"row\">\((row.first ?? "").escaped)</th>"
        + row.dropFirst().map { "<td>\($0.escaped)</td>" }.joined() + "</tr>"
    }.joined(separator: "\n")
    return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body)\n</tbody></table></div>"
  }
}
