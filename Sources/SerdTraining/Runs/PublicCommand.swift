/// A command as a model file and a card may tell it: where one machine keeps its folders is nobody's business, and of
/// no use elsewhere.
///
/// The values of options that name a folder or file become a word in capitals, a recipe's file its name, the corpus
/// FOLDER. A word that is the same by chance, as in `train emodb --name emodb`, stays. Options that name a folder, and
/// flags, which take no value, are listed here: a new one has to be added.
package struct PublicCommand: Sendable {
  /// The command on one line.
  package let text: String

  private static let places = [
    "--run": "RUN", "--evaluation": "EVALUATION", "--start-from": "START", "--ledger": "LEDGER",
  ]
  private static let flags: Set = ["--list", "--leave-out-unreadable"]

  /// - Parameters:
  ///   - words: the command's name and arguments, without the program.
  ///   - corpus: the argument that is the corpus.
  package init(_ words: some Sequence<String>, corpus: String) {
    var result = ["sertrain"]
    // The option whose value the next word is.
    var option: String?
    for word in words {
      if let asked = option {
        result.append(Self.value(word, of: asked))
        option = nil
      } else if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        let value = String(word[word.index(after: equals)...])
        result.append(word[...equals] + Self.value(value, of: String(word[..<equals])))
      } else {
        if word.hasPrefix("--"), !Self.flags.contains(word) { option = word }
        result.append(word == corpus ? "FOLDER" : word)
      }
    }
    text = result.joined(separator: " ")
  }

  private static func value(_ word: String, of option: String) -> String {
    switch option {
    case "--also", "--beside": word.prefix { $0 != ":" } + ":FOLDER"
    case "--recipe": String(word.split(separator: "/").last ?? "")
    default: places[option] ?? word
    }
  }
}
