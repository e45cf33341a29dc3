import Foundation
import SerdCorpora
import SerdFeatures
import SerdTestKit
import SerdTraining
import Testing

/// Recipes as files.
@Suite struct RecipeFileTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func file(_ text: String) throws -> String { try scratch.write("recipe.json", Array(text.utf8)) }

  private func message(_ path: String) -> String {
    "\(thrown(TrainingError.self) { try Recipe.find(path) }.map { "\($0)" } ?? "none")"
  }

  @Test("Every recipe is the same from its file and by its name")
  func everyRecipeIsTheSameFromItsFile() throws {
    for recipe in Recipe.named {
      #expect(try Recipe.find(file(recipe.json)) == recipe)
      #expect(try Recipe.find(recipe.name) == recipe)
    }
  }

  @Test("A recipe that was changed needs a name of its own")
  func aChangedRecipeNeedsANameOfItsOwn() throws {
    let changed = Recipe.robust.json.replacingOccurrences(of: "\"epochs\" : 60", with: "\"epochs\" : 61")
    #expect(message(try file(changed)).contains("a name of its own"))
    let named = changed.replacingOccurrences(of: "\"name\" : \"robust\"", with: "\"name\" : \"mine\"")
    #expect(try Recipe.find(file(named)).epochs == 61)
  }

  @Test("What is no recipe is told with what is wrong with it")
  func whatIsNoRecipeIsNamed() throws {
    #expect(message("nonesuch").contains("no recipe \"nonesuch\""))
    #expect(message(scratch.path + "/nonesuch.json").contains("cannot read"))
    #expect(message(try file("text")).contains("not JSON"))
    #expect(message(try file("")).contains("not JSON"))
    #expect(message(try file("{}")).contains("is missing"))
    #expect(message(try file("[]")).contains("it has another form"))
    let fraction = Recipe.robust.json.replacingOccurrences(of: "\"epochs\" : 60", with: "\"epochs\" : 1.5")
    #expect(!message(try file(fraction)).contains("not JSON"))
    let text = Recipe.robust.json
    let untyped = text.replacingOccurrences(of: "\"epochs\" : 60", with: "\"epochs\" : \"many\"")
    #expect(message(try file(untyped)).contains("epochs has another type"))
  }

  /// Else the recipe would be another than its reader thinks.
  @Test("A key that no recipe has is named with its place")
  func aMistypedKeyIsNamed() throws {
    var recipe = Recipe.rooms
    recipe.name = "mine"
    for (key, wrong) in [
      ("averaging", "averagin"), ("speakerTransfer", "augmentation.speakerTransfr"),
      ("backgrounds", "augmentation.background"),
    ] {
      let typed = String(wrong.split(separator: ".").last!)
      let text = recipe.json.replacingOccurrences(of: "\"\(key)\" :", with: "\"\(typed)\" :")
      #expect(message(try file(text)).contains("a key that no recipe has: \(wrong);"))
    }
    let text = recipe.json.replacingOccurrences(of: "\"pool\" :", with: "\"hasBias2\" : true, \"pool\" :")
    #expect(message(try file(text)).contains("a key that no recipe has: architecture.body.hasBias2;"))
    let null = recipe.json.replacingOccurrences(of: "\"name\" :", with: "\"published\" : null, \"name\" :")
    #expect(try Recipe.find(file(null)) == recipe)
  }

  @Test("Rates, decays and losses that cannot be trained with are named")
  func impossibleOptimisation() throws {
    func told(_ change: (inout Recipe) -> Void) throws -> String {
      var recipe = Recipe.rooms
      recipe.name = "mine"
      change(&recipe)
      return message(try file(recipe.json))
    }
    #expect(try told { $0.schedule = .constant(-1) }.contains("a learning rate of [-1.0]"))
    #expect(try told { $0.schedule = .cosine(initial: 1e9, final: 0) }.contains("a learning rate"))
    #expect(try told { $0.weightDecay = .decoupled(-1) }.contains("a weight decay of -1.0"))
    #expect(try told { $0.loss = .focal(gamma: -5) }.contains("gamma -5.0"))
    #expect(try told { $0.logitAdjustment = 0 } == "none")
  }

  @Test("No recipe both follows a speaker's voice and takes another one's")
  func noRecipeBothFollowsAVoiceAndTakesAnother() throws {
    var recipe = Recipe.adapted
    recipe.name = "mine"
    recipe.augmentation.speakerTransfer = SpeakerTransfer()
    #expect(message(try file(recipe.json)).contains("one undoes the other"))
  }

  @Test("Only recipes that follow the speaker have samples after one emotion, in a share of 0 to 1")
  func onlyRecipesThatFollowHaveSamplesAfterOneEmotion() throws {
    var recipe = Recipe.rooms
    recipe.name = "mine"
    recipe.augmentation.oneEmotionShare = 0.5
    #expect(message(try file(recipe.json)).contains("does not adapt to the speaker"))
    recipe.augmentation.speakerTransfer = nil
    recipe.frontEnd.adaptation = SpeakerAdaptation()
    recipe.augmentation.oneEmotionShare = 2
    #expect(message(try file(recipe.json)).contains("a share of 2.0 samples"))
    recipe.augmentation.oneEmotionShare = 0.5
    #expect(try Recipe.find(file(recipe.json)) == recipe)
  }

  /// Values that training could not bear: refused with a line, not met as a crash an hour later.
  @Test(
    "A value that training could not bear is refused in a line with the file's name",
    arguments: [
      "epochs": "0", "batchSize": "0", "windowFrames": "1", "labelSmoothing": "1", "dropout": "1", "listenerDoubt": "2",
      "classBalance": "-1", "gainJitter": "-1", "mixup": "7", "roll": "-1", "timeMasks": "-1", "noisyShare": "2",
      "clip": "0", "hop": "0", "coefficients": "200", "speeds": "[0.1]", "vocalTractWarps": "[0]", "channels": "0",
      "warmUp": "2", "variety": "0", "share": "5", "reach": "4", "logitAdjustment": "3",
    ])
  func impossibleValues(key: String, value: String) throws {
    // Has all keys, but for the warm-up.
    var recipe = Recipe.rooms
    recipe.name = "mine"
    recipe.schedule = Recipe.robust.schedule
    let mine = recipe.json
    let expression = try NSRegularExpression(pattern: "\"\(key)\" : (\\[[^\\]]*\\]|[^,\\n]*)")
    let range = NSRange(mine.startIndex..., in: mine)
    #expect(expression.numberOfMatches(in: mine, range: range) > 0, "there is no \(key)")
    let bad = expression.stringByReplacingMatches(in: mine, range: range, withTemplate: "\"\(key)\" : \(value)")
    let message = message(try file(bad))
    #expect(message.contains("recipe.json") && message.contains("sertrain recipes"), "\(message)")
  }
}
