import SerdAudio

/// IEMOCAP (Busso et al. 2008): English, ten actors in five sessions of two, scripted and improvised dialogues.
///
/// Labels and times come from `Session*/dialog/EmoEvaluation/*.txt`. A turn's sound is
/// `sentences/wav/<dialogue>/<turn>.wav`, or, if that is not there, the part of `dialog/wav/<dialogue>.wav` between the
/// times of its evaluation; stereo is averaged. In a turn `Ses01F_impro04_M012` the first letter is who wears the
/// motion-capture markers, the last who speaks: speakers go by session and last letter. What else is in the release
/// (video, motion, transcriptions) is not looked at.
package enum IEMOCAP {
  /// The codes of EmoEvaluation with the labels of the full set, in that order.
  static let codes: [(code: String, label: String)] = [
    ("ang", "anger"), ("dis", "disgust"), ("exc", "excitement"), ("fea", "fear"), ("fru", "frustration"),
    ("hap", "happiness"), ("neu", "neutral"), ("oth", "other"), ("sad", "sadness"), ("sur", "surprise"),
    ("xxx", "undecided"),
  ]
  /// The usual four classes; happiness holds excitement too.
  package static let fourLabels = ["anger", "happiness", "neutral", "sadness"]

  /// Reads the corpus in `folder`: the release's, or that of one session.
  package static func read(folder: String, selection: CorpusSelection) throws(CorpusError) -> Corpus {
    let isFull = selection.classes == .full
    let labels = isFull ? codes.map(\.label) : fourLabels
    var draft = CorpusDraft()
    var sounds = SoundIndex()
    var evaluations: [String] = []
    for path in try CorpusFolder.files(below: folder, leavingOut: &draft) {
      let folders = path.lowercased().split(separator: "/").dropLast()
      if folders.last == "emoevaluation" {
        evaluations.append(path)
      } else if folders.suffix(2) == ["sentences", "wav"] {
        draft.leaveOut(path, "not in a dialogue's folder")
      } else if folders.suffix(2) == ["dialog", "wav"] || folders.dropLast().suffix(2) == ["sentences", "wav"] {
        sounds.add(path, isDialogue: folders.last == "wav", to: &draft)
      }
    }
    var evaluated: Set<String> = []
    for path in evaluations {
      for line in EvaluationLine.lines(of: path, leavingOut: &draft) {
        guard evaluated.insert(line.turn.name.lowercased()).inserted else {
          draft.leaveOut("\(path): \(line.turn.name)", "evaluated twice")
          continue
        }
        if let reason = line.turn.reasonAgainst(selection) {
          draft.leaveOut("\(path): \(line.turn.name)", reason)
          continue
        }
        guard let known = codes.first(where: { $0.code == line.code }) else {
          draft.leaveOut("\(path): \(line.turn.name)", "its emotion is \"\(line.code)\"")
          continue
        }
        let class4 = known.code == "exc" ? "happiness" : known.label
        guard let label = labels.firstIndex(of: isFull ? known.label : class4) else {
          draft.leaveOut("\(path): \(line.turn.name)", "\(known.label) is not one of the four classes")
          continue
        }
        switch sounds.sound(of: line) {
        case .success(let sound):
          let unit = selection.foldUnit == .session ? "session \(line.turn.session)" : line.turn.speaker
          draft.add(
            Recording(
              path: sound.path, label: label, speaker: unit, text: line.turn.script, span: sound.span,
              name: line.turn.name), key: line.turn.name)
        case .failure(let problem): draft.leaveOut("\(path): \(line.turn.name)", problem.reason)
        }
      }
    }
    for (turn, path) in sounds.sentences where !evaluated.contains(turn) {
      draft.leaveOut(path, "no line in EmoEvaluation")
    }
    return try draft.corpus(
      name: selection.name(of: "IEMOCAP"), labels: labels, folder: folder,
      example: "Session1/sentences/wav/Ses01F_impro04/Ses01F_impro04_M012.wav with a line in EmoEvaluation",
      terms: "IEMOCAP (Busso et al. 2008): released by the University of Southern California for research, on request")
  }

  /// The sound files of the release, by lower-case stem.
  struct SoundIndex {
    struct Problem: Error { let reason: String }
    private(set) var sentences: [String: String] = [:]
    private var dialogues: [String: String] = [:]
    /// Samples of each dialogue at 16 kHz, or why it cannot be read.
    private var lengths: [String: Result<Int, Problem>] = [:]

    mutating func add(_ path: String, isDialogue: Bool, to draft: inout CorpusDraft) {
      let stem = CorpusFolder.stem(path).lowercased()
      guard CorpusFolder.isSound(path) else { return draft.leaveOut(path, "not a sound file") }
      if isDialogue {
        guard dialogues[stem] == nil else { return draft.leaveOut(path, "a second file of this name") }
        dialogues[stem] = path
      } else {
        guard Turn(stem) != nil else { return draft.leaveOut(path, "not a name like Ses01F_impro04_M012.wav") }
        guard sentences[stem] == nil else { return draft.leaveOut(path, "a second file of this name") }
        sentences[stem] = path
      }
    }

    /// Where the sound of an evaluated turn is.
    mutating func sound(of line: EvaluationLine) -> Result<(path: String, span: Range<Int>?), Problem> {
      if let path = sentences[line.turn.name.lowercased()] { return .success((path, nil)) }
      guard let path = dialogues[line.turn.dialogue.lowercased()] else {
        return .failure(Problem(reason: "no sound of the turn or its dialogue"))
      }
      return length(of: path).flatMap { length in
        // Evaluations end some hundredths of a second late now and then.
        guard line.span.lowerBound < length, line.span.upperBound <= length + SampleRate.pipeline / 10 else {
          return .failure(Problem(reason: "its times lie beyond the end of the dialogue"))
        }
        return .success((path, line.span.lowerBound..<min(line.span.upperBound, length)))
      }
    }

    private mutating func length(of path: String) -> Result<Int, Problem> {
      if let known = lengths[path] { return known }
      let length: Result<Int, Problem>
      do {
        length = .success(try Cutting.samples(in: path))
      } catch {
        length = .failure(Problem(reason: "its dialogue cannot be read: \(error.problem)"))
      }
      lengths[path] = length
      return length
    }
  }
}
