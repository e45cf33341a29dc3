/// The speech part of RAVDESS (Livingstone and Russo, PLoS ONE 2018): English, 24 actors, eight emotions.
///
/// A stem like `03-01-06-01-02-01-12` is modality, channel (01 speech), emotion, intensity, statement, repetition,
/// actor. The extension does not matter: published files are WAV, a copy may be FLAC.
package enum RAVDESS {
  /// The eight emotions, in the order of their numbers.
  package static let labels = ["neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise"]

  /// Reads the corpus in `folder`, which holds `Actor_01` and so on, or the recordings themselves.
  package static func read(folder: String) throws(CorpusError) -> Corpus {
    var draft = CorpusDraft()
    for path in try CorpusFolder.files(below: folder, leavingOut: &draft) {
      guard CorpusFolder.isSound(path) else {
        draft.leaveOut(path, "not a sound file")
        continue
      }
      let stem = CorpusFolder.stem(path)
      let fields = stem.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
      guard fields.count == 7, (1...8).contains(fields[2]), (1...24).contains(fields[6]) else {
        draft.leaveOut(path, "not a name like 03-01-06-01-02-01-12.wav")
        continue
      }
      guard fields[0] == 3, fields[1] == 1 else {
        draft.leaveOut(path, "not audio-only speech")
        continue
      }
      let actor = fields[6] < 10 ? "0\(fields[6])" : "\(fields[6])"
      draft.add(Recording(path: path, label: fields[2] - 1, speaker: actor, text: "\(fields[4])"), key: stem)
    }
    return try draft.corpus(
      name: "RAVDESS", labels: labels, folder: folder, example: "03-01-06-01-02-01-12.wav",
      terms: "RAVDESS (Livingstone and Russo 2018): CC BY-NC-SA 4.0, so the model is for non-commercial use only")
  }
}
