/// The speech part of RAVDESS (Livingstone and Russo, PLoS ONE 2018): English, 24 actors, eight emotions.
///
/// A stem like `03-01-06-01-02-01-12` is modality, channel (01 speech), emotion, intensity, statement, repetition, actor. The
/// extension does not matter: published files are WAV, a copy may be FLAC.
public enum RAVDESS {
  /// The eight emotions, in the order of their numbers.
  public static let labels = ["neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise"]

  /// Reads the corpus in `folder`, which holds `Actor_01` and so on, or the recordings themselves.
  public static func read(folder: String) throws(TrainingError) -> Corpus {
    var recordings: [Recording] = []
    var leftOut: [String] = []
    var seen: Set<String> = []
    for path in try CorpusFolder.files(below: folder) {
      guard CorpusFolder.isSound(path) else {
        leftOut.append("\(path): not a sound file")
        continue
      }
      let stem = CorpusFolder.stem(path)
      let fields = stem.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
      guard fields.count == 7, (1...8).contains(fields[2]), (1...24).contains(fields[6]) else {
        leftOut.append("\(path): not a name like 03-01-06-01-02-01-12.wav")
        continue
      }
      guard fields[0] == 3, fields[1] == 1 else {
        leftOut.append("\(path): not audio-only speech")
        continue
      }
      guard seen.insert(stem).inserted else {
        leftOut.append("\(path): a second file of this name")
        continue
      }
      let actor = fields[6] < 10 ? "0\(fields[6])" : "\(fields[6])"
      recordings.append(Recording(path: path, label: fields[2] - 1, speaker: actor, text: "\(fields[4])"))
    }
    guard !recordings.isEmpty else {
      throw TrainingError(
        "no recording in \(folder) has a name like 03-01-06-01-02-01-12.wav", advice: "give the folder of RAVDESS")
    }
    return Corpus(
      name: "RAVDESS", labels: labels, recordings: recordings, leftOut: leftOut,
      terms: "RAVDESS (Livingstone and Russo 2018): CC BY-NC-SA 4.0, so the model is for non-commercial use only")
  }
}
