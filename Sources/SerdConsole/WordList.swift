/// Lists of words, such as labels, that people type: on a command line, in a configuration.
package enum WordList {
  /// The words: commas and white space separate them, in any number.
  package static func words(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
}
