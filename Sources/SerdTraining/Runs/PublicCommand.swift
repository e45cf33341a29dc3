/// A command as a model file and a card may tell it: where one machine keeps its folders is nobody's business, and of
/// no use elsewhere.
///
/// The values of options that name a folder or file become a word in capitals, a recipe's file its name, the corpus
/// FOLDER. A word that is the same by chance, as in `train emodb --name emodb`, stays.
package struct PublicCommand: Sendable {
  /// What the words after an option are.
  package enum Option: Sendable {
    /// Nothing of it: the next word is no value.
    case flag
    /// A folder or file, told as this word.
    case place(String)
    /// FORMAT:FOLDER.
    case corpus
    /// A name, or a file of which the name is told.
    case recipe
  }

  /// The command on one line.
  package let text: String

  /// - Parameters:
  ///   - words: the program's name, the command's name and its arguments.
  ///   - corpus: the argument that is the corpus.
  ///   - options: those of the command that are flags, or whose values are not told as they are.
  package init(_ words: some Sequence<String>, corpus: String, options: [String: Option]) {
    var result: [String] = []
    // The option whose value the next word is.
    var asked: String?
    for word in words {
      if let option = asked {
        result.append(Self.told(word, of: options[option]))
        asked = nil
      } else if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        let value = String(word[word.index(after: equals)...])
        result.append(word[...equals] + Self.told(value, of: options[String(word[..<equals])]))
      } else if word.hasPrefix("--") {
        if case .flag? = options[word] {} else { asked = word }
        result.append(word)
      } else {
        result.append(word == corpus ? "FOLDER" : word)
      }
    }
    text = result.joined(separator: " ")
  }

  private static func told(_ value: String, of option: Option?) -> String {
    switch option {
    case .place(let word): word
    case .corpus: value.prefix { $0 != ":" } + ":FOLDER"
    case .recipe: String(value.split(separator: "/").last ?? "")
    case .flag, nil: value
    }
  }
}
