import ArgumentParser
import Foundation
import SerdConsole
import SerdTraining

/// `sertrain recipes`: what can be trained by name, and a recipe as a file to change.
struct Recipes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the recipes, or print one as JSON.",
    discussion: """
      A recipe of your own: print one, change it under another name, and give the file to --recipe of train and crossval.

        sertrain recipes robust > mine.json
        sertrain crossval EMODB_FOLDER --recipe mine.json --run runs/mine
      """)

  @Argument(help: "Name of the recipe to print.")
  var name: String?

  func run() throws {
    try reporting {
      guard let name else {
        return try Output.write(Recipe.named.map { "\($0.name)\n    \($0.purpose)\n" }.joined())
      }
      try Output.write(Recipe.find(name).json + "\n")
    }
  }
}
