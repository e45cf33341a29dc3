/// ASVP-ESD (Dejoli et al. 2021): emotional speech and non-speech sounds of many sources and languages.
///
/// A name like `03-02-05-01-02-17-02-01-16.wav` in a folder `actor_17` is modality, vocal channel (01 speech, 02
/// non-speech), emotion (01 to 13), intensity, statement, actor, age, source, language; more fields may follow. The
/// babies' voices of the bonus folder are left out. The actor of the name and of the folder must agree, since folds are
/// cut between actors.
package enum ASVPESD {
  /// The thirteen emotions, in the order of their numbers.
  package static let labels = [
    "boredom", "neutral", "happiness", "sadness", "anger", "fear", "disgust", "surprise", "excitement", "pleasure",
    "pain", "disappointment", "breath or other",
  ]

  /// Reads the corpus in `folder`, which holds the `actor_…` folders at any depth.
  package static func read(folder: String, selection: CorpusSelection) throws(CorpusError) -> Corpus {
    let classes = selection.classes == .twelve ? 12 : 13
    var draft = CorpusDraft()
    for path in try CorpusFolder.files(below: folder, leavingOut: &draft) {
      let folders = path.dropFirst(folder.count).lowercased().split(separator: "/").dropLast()
      if folders.contains(where: { $0.contains("bonus") }) {
        draft.leaveOut(path, "in the bonus folder")
        continue
      }
      guard CorpusFolder.isSound(path) else {
        draft.leaveOut(path, "not a sound file")
        continue
      }
      let stem = CorpusFolder.stem(path)
      let fields = stem.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
      guard fields.count >= 9, (1...2).contains(fields[1]), (1...13).contains(fields[2]), fields[5] >= 0 else {
        draft.leaveOut(path, "not a name like 03-02-05-01-02-17-02-01-16.wav")
        continue
      }
      guard fields[0] == 3 else {
        draft.leaveOut(path, "not audio only")
        continue
      }
      let place = folders.last { $0.hasPrefix("actor_") }.flatMap { Int($0.dropFirst(6)) }
      guard place == nil || place == fields[5] else {
        draft.leaveOut(path, "the actor of the name is not that of the folder")
        continue
      }
      let isSpeech = fields[1] == 1
      if selection.part == .speech && !isSpeech || selection.part == .nonSpeech && isSpeech {
        draft.leaveOut(path, "not \(selection.part!.rawValue), as selected")
        continue
      }
      guard fields[2] <= classes else {
        draft.leaveOut(path, "not one of the selected classes")
        continue
      }
      let actor = String(repeating: "0", count: max(0, 3 - "\(fields[5])".count)) + "\(fields[5])"
      // Names are unique per actor only as far as their actor field goes: the whole stem is the key.
      draft.add(Recording(path: path, label: fields[2] - 1, speaker: actor, text: ""), key: stem)
    }
    return try draft.corpus(
      name: selection.name(of: "ASVP-ESD"), labels: Array(labels.prefix(classes)), folder: folder,
      example: "03-02-05-01-02-17-02-01-16.wav",
      terms: "ASVP-ESD (Dejoli et al. 2021): see the corpus's own licence before anything but research")
  }
}
