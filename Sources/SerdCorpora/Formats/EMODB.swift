import Foundation

/// The Berlin Database of Emotional Speech (Burkhardt et al., Interspeech 2005): German, ten actors, seven emotions.
///
/// A name like `03a01Fa.wav` is speaker 03, sentence a01, emotion letter F, take a. The folder may be the one with the
/// recordings or the one above it. If `erkennung.txt` (the listening test) lies in either, the recognition rates are
/// read.
package enum EMODB {
  /// Emotion letters of the file names, in the order of the labels.
  static let letters = Array("WLEAFTN")
  /// The seven emotions.
  package static let labels = ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"]
  static let speakers: Set<String> = ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"]

  /// Reads the corpus in `folder`.
  package static func read(folder: String) throws(CorpusError) -> Corpus {
    let rates = recognitionRates(folder: folder)
    var draft = CorpusDraft()
    for path in try CorpusFolder.files(below: folder, leavingOut: &draft) {
      let stem = CorpusFolder.stem(path)
      if stem.lowercased() == "erkennung" { continue }
      guard CorpusFolder.isSound(path) else {
        draft.leaveOut(path, "not a sound file")
        continue
      }
      guard let recording = recording(path: path, stem: stem, rates: rates) else {
        draft.leaveOut(path, "not a name like 03a01Fa.wav, or not one of the ten speakers")
        continue
      }
      draft.add(recording, key: stem)
    }
    return try draft.corpus(
      name: "EMO-DB", labels: labels, folder: folder, example: "03a01Fa.wav",
      terms: "EMO-DB (Burkhardt et al. 2005): see the corpus's own page before commercial use")
  }

  private static func recording(path: String, stem: String, rates: [String: Float]) -> Recording? {
    // Bytes, not characters: a name is ASCII, and the upper case of a character may be two.
    let bytes = Array(stem.utf8)
    guard bytes.count == 7, bytes.allSatisfy({ $0 < 128 }) else { return nil }
    func text(_ range: ClosedRange<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let (speaker, sentence) = (text(0...1), text(2...4).lowercased())
    guard let label = letters.firstIndex(of: Character(text(5...5).uppercased())), speakers.contains(speaker),
      sentence.first == "a" || sentence.first == "b",
      sentence.utf8.dropFirst().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      text(6...6).lowercased() != text(6...6).uppercased()
    else { return nil }
    return Recording(path: path, label: label, speaker: speaker, text: sentence, recognition: rates[stem.lowercased()])
  }

  /// Recognition rates of the listening test by lower-case stem. The file is Latin-1 with decimal commas and has more
  /// recordings than the corpus.
  static func recognitionRates(folder: String) -> [String: Float] {
    let candidates = ["\(folder)/erkennung.txt", "\(folder)/../erkennung.txt"]
    guard let data = candidates.lazy.compactMap({ FileManager.default.contents(atPath: $0) }).first else { return [:] }
    var rates: [String: Float] = [:]
    for line in data.split(separator: UInt8(ascii: "\n")) {
      // Names and numbers are ASCII; what else is in a field is padding: blanks, Latin-1's non-breaking ones, a
      // carriage return.
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { field in
        String(
          decoding: field.filter { $0 > 0x20 && $0 < 0x7F }.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 },
          as: UTF8.self)
      }
      guard fields.count >= 3, fields[1].lowercased().hasSuffix(".wav"), let percent = Float(fields[2]),
        (0...100).contains(percent)
      else { continue }
      rates[CorpusFolder.stem(fields[1]).lowercased()] = percent / 100
    }
    return rates
  }
}
