import Foundation
import SerdCorpora
import SerdTestKit
import Testing

/// The reader of IEMOCAP on trees of the release's form: its folders, names and evaluation files, and what goes wrong
/// in them.
@Suite struct IEMOCAPTests {
  static func evaluation(_ turns: [(times: String, turn: String, code: String)]) -> [UInt8] {
    var text = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\r\n\r\n"
    for turn in turns {
      text += "[\(turn.times)]\t\(turn.turn)\t\(turn.code)\t[2.5000, 2.5000, 2.5000]\r\n"
      text += "C-E1:\tNeutral;\t()\r\nA-E3:\tval 3; act 2; dom  2;\t()\r\n\r\n"
    }
    return Array(text.utf8)
  }

  /// A file of the release with empty sound for every turn, and its evaluation.
  static func session(_ number: Int, _ dialogue: String, _ turns: [(String, String)]) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var lines: [(times: String, turn: String, code: String)] = []
    for (index, (letterAndNumber, code)) in turns.enumerated() {
      let turn = "\(dialogue)_\(letterAndNumber)"
      files["Session\(number)/sentences/wav/\(dialogue)/\(turn).wav"] = []
      lines.append(("\(index).0000 - \(index).9000", turn, code))
    }
    files["Session\(number)/dialog/EmoEvaluation/\(dialogue).txt"] = evaluation(lines)
    return files
  }

  /// Two sessions, improvised and scripted, with all that lies beside them in the release.
  static func release() throws -> ScratchFolder {
    var files = session(1, "Ses01F_impro04", [("F000", "ang"), ("M000", "exc"), ("M001", "xxx"), ("F001", "hap")])
    files.merge(session(1, "Ses01M_script01_1b", [("M000", "neu"), ("F000", "fru")])) { $1 }
    files.merge(session(5, "Ses05F_impro04", [("M000", "sad"), ("F000", "oth")])) { $1 }
    for other in [
      "Session1/dialog/EmoEvaluation/Categorical/Ses01F_impro04_e1_cat.txt",
      "Session1/dialog/avi/DivX/Ses01F_impro04.avi",
      "Session1/sentences/MOCAP_head/Ses01F_impro04/Ses01F_impro04_F000.txt",
      "Session1/dialog/wav/._Ses01F_impro04.wav",
      "Session1/dialog/transcriptions/Ses01F_impro04.txt", "README.txt",
    ] { files[other] = [] }
    return try CorpusTests.tree([], files)
  }

  static func read(
    _ folder: ScratchFolder, _ selection: CorpusSelection = CorpusSelection()
  ) throws -> Corpus { try Corpus.read(format: "iemocap", folder: folder.path, selection: selection) }

  static func label(_ corpus: Corpus, _ turn: String) -> String? {
    corpus.recordings.first { $0.name == turn }.map { corpus.labels[$0.label] }
  }

  @Test("In four classes excitement counts as happiness, and turns of other emotions are named")
  func fourClassesMergeHappinessAndExcitement() throws {
    let corpus = try Self.read(Self.release())
    #expect(corpus.labels == ["anger", "happiness", "neutral", "sadness"] && corpus.name == "IEMOCAP")
    #expect(corpus.recordings.count == 5)
    #expect(Self.label(corpus, "Ses01F_impro04_M000") == "happiness")
    #expect(Self.label(corpus, "Ses01F_impro04_F001") == "happiness")
    #expect(Self.label(corpus, "Ses05F_impro04_M000") == "sadness")
    #expect(Self.label(corpus, "Ses01M_script01_1b_M000") == "neutral")
    let reasons = corpus.leftOut.map(\.reason).sorted()
    #expect(
      reasons == [
        "frustration is not one of the four classes", "other is not one of the four classes",
        "undecided is not one of the four classes",
      ], "\(corpus.leftOut)")
  }

  /// Who wears the markers, `Ses01F`, does not matter: the last letter speaks.
  @Test("Speakers go by the session and a turn's last letter, or by the session alone if wanted")
  func speakersAreSessionAndLastLetter() throws {
    let corpus = try Self.read(Self.release(), CorpusSelection(classes: .full))
    #expect(corpus.recordings.count == 8 && corpus.leftOut.isEmpty && corpus.labels.count == 11)
    #expect(corpus.speakers == ["1F", "1M", "5F", "5M"])
    for recording in corpus.recordings {
      let letter = recording.name.split(separator: "_").last!.first!
      #expect(recording.speaker.hasSuffix(String(letter)), "\(recording.name)")
    }
    #expect(Self.label(corpus, "Ses01F_impro04_M001") == "undecided")
    #expect(corpus.texts == ["impro04", "script01_1"])
    let bySession = try Self.read(Self.release(), CorpusSelection(foldUnit: .session))
    #expect(bySession.speakers == ["session 1", "session 5"])
  }

  @Test("Improvised or scripted turns and single sessions can be selected")
  func partsAndSessionsAreSelected() throws {
    let folder = try Self.release()
    let improvised = try Self.read(folder, CorpusSelection(part: .improvised, classes: .full))
    #expect(improvised.recordings.count == 6 && improvised.recordings.allSatisfy { $0.text == "impro04" })
    #expect(improvised.name == "IEMOCAP (improvised, full classes)")
    #expect(try Self.read(folder, CorpusSelection(part: .scripted)).recordings.map(\.text) == ["script01_1"])
    let one = try Self.read(folder, CorpusSelection(classes: .full, sessions: [5]))
    #expect(one.speakers == ["5F", "5M"] && one.leftOut.count == 6)
    #expect(one.leftOut.allSatisfy { $0.reason == "session 1 is not selected" })
    let alone = try IEMOCAP.read(folder: folder.path + "/Session5", selection: CorpusSelection(classes: .full))
    #expect(alone.recordings.map(\.name) == one.recordings.map(\.name))
  }

  @Test("Everything that does not fit a release of IEMOCAP is named with its reason")
  func irregularitiesAreNamed() throws {
    let good = Self.session(2, "Ses02F_impro01", [("F000", "ang"), ("F001", "sad")])
    let bad: [(times: String, turn: String, code: String)] = [
      ("0.5 - 1.0", "Ses02F_impro02_F000", "ang"),  // no sound
      ("2.0 - 1.0", "Ses02F_impro02_F001", "ang"),  // backwards
      ("0.5 - 1.0", "Ses02F_impro01_F000", "neu"),  // evaluated before
      ("0.5 - 1.0", "Ses02F_impro02_F003", "bor"),  // no such code
      ("0.5 - 1.0", "Ses09F_impro02_F003", "ang"),  // no such session
    ]
    var files = good
    files["Session2/dialog/EmoEvaluation/Ses02F_impro02.txt"] = Self.evaluation(bad)
    files["Session2/dialog/EmoEvaluation/empty.txt"] = []
    files["Session2/dialog/EmoEvaluation/notes.doc"] = []
    files["Session2/sentences/wav/Ses02F_impro01/ses02f_impro01_f001.WAV"] = []
    files["Session2/sentences/wav/Ses02F_impro01/Ses02F_impro01_M007.wav"] = []
    files["Session2/sentences/wav/Ses02F_impro01/Ses02F_impro01_MXX0.wav"] = []
    files["Session2/sentences/wav/Ses02F_impro01/list.txt"] = []
    files["Session2/sentences/wav/loose.wav"] = []
    files["copy/Session2/sentences/wav/Ses02F_impro01/Ses02F_impro01_F000.wav"] = []
    let folder = try CorpusTests.tree([], files)
    let corpus = try Self.read(folder)
    #expect(corpus.recordings.map(\.name) == ["Ses02F_impro01_F000", "Ses02F_impro01_F001"])
    let reasons = CorpusTests.leftOut(corpus, folder)
    let evaluation = "Session2/dialog/EmoEvaluation/Ses02F_impro02.txt"
    #expect(reasons["\(evaluation): Ses02F_impro02_F000"] == "no sound of the turn or its dialogue")
    #expect(reasons["\(evaluation): Ses02F_impro01_F000"] == "evaluated twice")
    #expect(reasons["\(evaluation): Ses02F_impro02_F003"] == "its emotion is \"bor\"")
    #expect(reasons["\(evaluation):7"]?.hasPrefix("not a line like") == true, "the line is numbered: \(reasons)")
    #expect(reasons["\(evaluation):19"]?.hasPrefix("not a line like") == true, "an unknown session")
    #expect(reasons["Session2/dialog/EmoEvaluation/empty.txt"] == "no evaluated turn in it")
    #expect(reasons["Session2/dialog/EmoEvaluation/notes.doc"] == "not an evaluation (.txt)")
    let sounds = "Session2/sentences/wav/Ses02F_impro01/"
    #expect(reasons[sounds + "ses02f_impro01_f001.WAV"] == "a second file of this name")
    #expect(reasons["copy/" + sounds + "Ses02F_impro01_F000.wav"] == "a second file of this name")
    #expect(reasons["Session2/sentences/wav/loose.wav"] == "not in a dialogue's folder")
    #expect(reasons[sounds + "Ses02F_impro01_M007.wav"] == "no line in EmoEvaluation")
    #expect(reasons[sounds + "Ses02F_impro01_MXX0.wav"]?.hasPrefix("not a name like") == true)
    #expect(reasons[sounds + "list.txt"] == "not a sound file")
    #expect(corpus.leftOut.count == 13)
  }

  /// Without sentence files the turn is cut out of its dialogue, whose channels are averaged.
  @Test("Without sentence files turns are cut from their dialogue, whose channels are averaged")
  func turnsAreCutFromStereoDialogues() throws {
    let left = (0..<48000).map { Float($0) / 100_000 }
    let stereo = left.flatMap { [$0, Float(0)] }
    let turns: [(times: String, turn: String, code: String)] = [
      ("0.5000 - 1.2500", "Ses03F_impro01_F000", "ang"), ("2.5000 - 3.0500", "Ses03F_impro01_M000", "sad"),
      ("2.9000 - 3.4000", "Ses03F_impro01_M001", "sad"), ("3.5000 - 4.0000", "Ses03F_impro01_M002", "sad"),
    ]
    let folder = try CorpusTests.tree(
      [],
      [
        "Session3/dialog/wav/Ses03F_impro01.wav": WAVFile.float(stereo, channels: 2),
        "Session3/dialog/EmoEvaluation/Ses03F_impro01.txt": Self.evaluation(turns),
      ])
    let corpus = try Self.read(folder)
    #expect(corpus.recordings.map(\.span) == [8000..<20000, 40000..<48000], "the second ends a little late")
    let samples = try corpus.recordings[0].samples()
    #expect(samples == left[8000..<20000].map { $0 / 2 })
    #expect(corpus.leftOut.map(\.reason) == Array(repeating: "its times lie beyond the end of the dialogue", count: 2))
    try folder.write("Session3/dialog/wav/Ses03F_impro01.wav", Array("no sound".utf8))
    let error = thrown(CorpusError.self) { try Self.read(folder) }
    #expect(error?.problem.contains("4 × its dialogue cannot be read") == true, "\(String(describing: error))")
  }
}
