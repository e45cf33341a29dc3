import Foundation
import SerdCorpora
import SerdSystem
import SerdTestKit
import Testing

/// The corpus readers on trees that follow each corpus's format, with what real copies have besides recordings.
///
/// Readers look at names only, so the files are empty.
@Suite struct CorpusTests {
  /// A folder with empty files, given by paths below it.
  static func tree(_ files: [String], _ contents: [String: [UInt8]] = [:]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for file in files + contents.keys {
      let parent = (folder.path + "/" + file).split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
      try folder.write(file, contents[file] ?? [])
    }
    return folder
  }

  /// What was left out: reason by path below the folder.
  static func leftOut(_ corpus: Corpus, _ folder: ScratchFolder) -> [String: String] {
    let pairs = corpus.leftOut.map { (String($0.path.dropFirst(folder.path.count + 1)), $0.reason) }
    return Dictionary(pairs) { "\($0) and \($1)" }
  }

  @Test("EMO-DB's file names give speaker, text and emotion, whatever their case")
  func emodbReadsNamesWhateverTheirCase() throws {
    let folder = try Self.tree(["wav/03a01Fa.wav", "wav/16B10TB.WAV", "wav/08b03wC.flac"])
    let corpus = try EMODB.read(folder: folder.path)
    #expect(corpus.recordings.map(\.name) == ["03a01Fa.wav", "08b03wC.flac", "16B10TB.WAV"])
    #expect(corpus.recordings.map(\.speaker) == ["03", "08", "16"])
    #expect(corpus.recordings.map { corpus.labels[$0.label] } == ["happiness", "anger", "sadness"])
    #expect(corpus.recordings.map(\.text) == ["a01", "b03", "b10"])
    #expect(corpus.recordings.allSatisfy { $0.recognition == nil })
    #expect(corpus.leftOut.isEmpty && corpus.speakers == ["03", "08", "16"])
  }

  @Test("Every file of EMO-DB that is left out is named with the reason, except hidden ones")
  func emodbNamesWhatItLeavesOut() throws {
    let folder = try Self.tree([
      "wav/03a01Fa.wav", "copy/03a01Fa.wav", "wav/03a01fa.WAV", "wav/07a01Fa.wav", "wav/03a01Xa.wav", "wav/03c01Fa.wav",
      "wav/03a+1Fa.wav", "wav/03a01F.wav", "wav/03a01ßa.wav", "wav/03a01F1.wav", "README.txt", "wav/.hidden.wav",
      ".trash/08a01Fa.wav", "silb/03a02Fa.silb", "lablaut/03a01Fa.lablaut",
    ])
    let corpus = try EMODB.read(folder: folder.path)
    #expect(corpus.recordings.map(\.path) == [folder.path + "/copy/03a01Fa.wav"])
    let reasons = Self.leftOut(corpus, folder)
    for name in ["07a01Fa", "03a01Xa", "03c01Fa", "03a+1Fa", "03a01F", "03a01ßa", "03a01F1"] {
      #expect(reasons["wav/\(name).wav"]?.contains("not a name like") == true, "\(name)")
    }
    for name in ["wav/03a01Fa.wav", "wav/03a01fa.WAV"] {
      #expect(reasons[name]?.contains("second file") == true, "\(name)")
    }
    for name in ["README.txt", "silb/03a02Fa.silb", "lablaut/03a01Fa.lablaut"] {
      #expect(reasons[name] == "not a sound file", "\(name)")
    }
    #expect(reasons.count == 12, "nothing else, and nothing hidden")
  }

  /// As the corpus's own file: Latin-1, tabs, decimal commas, padded with non-breaking spaces.
  static let rates: [UInt8] = [
    "Nr.\tSatz\terkannt\tnatuerlich\r\n", "1~~\t03a01Fa.wav\t90,50~~\t75,00\r\n", "2\t08A02WB.WAV\t100,00\t35,00\r\n",
    "3\t10a01La.wav\t-\t1\r\n", "4\t10a02La.wav\t400,0\t1\r\n", "5\t11a01La\t50,0\r\n",
  ].flatMap { line in line.utf8.map { $0 == UInt8(ascii: "~") ? 0xA0 : $0 } }

  @Test(
    "Recognition rates come from EMO-DB's listening test; a line without a percentage gives none",
    arguments: ["erkennung.txt", "wav/erkennung.txt"])
  func emodbReadsTheListeningTest(place: String) throws {
    let names = ["03a01Fa", "08a02Wb", "10a01La", "10a02La", "12a01Na"]
    let folder = try Self.tree(names.map { "wav/\($0).wav" }, [place: Self.rates])
    let corpus = try EMODB.read(folder: folder.path + "/wav")
    let recognitions: [Float?] = corpus.recordings.map { $0.recognition }
    #expect(recognitions == [0.905, 1, nil, nil, nil])
    #expect(corpus.leftOut.isEmpty)
  }

  @Test("RAVDESS gives the speech of its 24 actors, and a reason for every other file")
  func ravdessReadsSpeechAndNamesTheRest() throws {
    let folder = try Self.tree([
      "Actor_01/03-01-01-01-01-01-01.wav", "Actor_12/03-01-06-01-02-01-12.flac", "Actor_13/03-01-06-01-02-01-12.wav",
      "Actor_24/03-01-08-02-02-02-24.wav", "Actor_01/03-02-02-01-01-01-01.wav", "Actor_01/01-01-02-01-01-01-01.wav",
      "Actor_01/03-01-09-01-01-01-01.wav", "Actor_25/03-01-02-01-01-01-25.wav", "Actor_01/03-01-02-01-01-01.wav",
      "Actor_01/03-01-aa-01-01-01-01.wav", "Actor_01/03-01-02-01-01-01-01.mp4", "Actor_01/notes.txt",
    ])
    let corpus = try RAVDESS.read(folder: folder.path)
    #expect(corpus.recordings.map(\.speaker) == ["01", "12", "24"])
    #expect(corpus.recordings.map { corpus.labels[$0.label] } == ["neutral", "fear", "surprise"])
    #expect(corpus.recordings.map(\.text) == ["1", "2", "2"])
    let reasons = Self.leftOut(corpus, folder)
    #expect(reasons["Actor_13/03-01-06-01-02-01-12.wav"]?.contains("second file") == true)
    for name in ["03-02-02-01-01-01-01", "01-01-02-01-01-01-01"] {
      #expect(reasons["Actor_01/\(name).wav"] == "not audio-only speech", "\(name)")
    }
    #expect(reasons["Actor_01/03-01-02-01-01-01-01.mp4"] == "not a sound file" && reasons["Actor_01/notes.txt"] != nil)
    #expect(reasons.count == 9)
  }

  @Test(
    "A path that is missing, a file or a folder without the corpus is named in one line",
    arguments: ["emodb", "ravdess", "iemocap", "asvp-esd"])
  func foldersWithoutACorpusAreNamed(format: String) throws {
    let folder = try Self.tree(["file"])
    for (path, kind) in [
      ("/nowhere/at all", ErrorCause.noInput), (folder.path + "/file", .noInput), (folder.path, .badData),
    ] {
      let error = thrown(CorpusError.self) { try Corpus.read(format: format, folder: path) }
      #expect(error?.cause == kind && error?.problem.contains(path) == true)
      #expect(error?.description.contains("\n") == false)
    }
    #expect(thrown(CorpusError.self) { try Corpus.read(format: "timit", folder: folder.path) }?.cause == .usage)
  }

  @Test("Links to files and folders are followed, and one that leads nowhere is no recording")
  func linksAreFollowed() throws {
    let folder = try Self.tree(["real/03a01Fa.wav", "linked/08a01Fa.wav"])
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: folder.path + "/linked/10a01Wa.wav", withDestinationPath: folder.path + "/real/03a01Fa.wav")
    try manager.createSymbolicLink(atPath: folder.path + "/linked/11a01Wa.wav", withDestinationPath: "/nowhere/x.wav")
    try manager.createSymbolicLink(atPath: folder.path + "/corpus", withDestinationPath: folder.path + "/linked")
    let corpus = try EMODB.read(folder: folder.path + "/corpus")
    #expect(corpus.recordings.map(\.speaker) == ["08", "10"])
    #expect(corpus.recordings.allSatisfy { $0.path.hasPrefix(folder.path + "/corpus/") })
  }

  @Test("Nothing is dropped without a word: names that are no UTF-8, broken links, links to folders")
  func nothingIsDroppedWithoutAWord() throws {
    let folder = try Self.tree(["03a01Fa.wav", "deep/08a01Wa.wav"])
    #expect(close(creat("\(folder.path)/m\u{1}", 0o600)) == 0)
    let name = Array(folder.path.utf8) + Array("/08a02Wa".utf8) + [0xE4] + Array(".wav".utf8) + [0]
    #expect(close(name.withUnsafeBytes { creat($0.assumingMemoryBound(to: CChar.self).baseAddress!, 0o600) }) == 0)
    for (link, target) in [("link.wav", "nowhere.wav"), ("folder", "deep"), ("08a03Wa.wav", "03a01Fa.wav")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(link)", withDestinationPath: "\(folder.path)/\(target)")
    }
    let corpus = try EMODB.read(folder: folder.path)
    #expect(corpus.recordings.map(\.name).sorted() == ["03a01Fa.wav", "08a01Wa.wav", "08a03Wa.wav"])
    #expect(
      Self.leftOut(corpus, folder) == [
        "08a02Wa\\xe4.wav": "its name is no UTF-8; rename it, as with convmv", "m\u{1}": "not a sound file",
        "link.wav": "a link to something that is not there", "folder": "a link to a folder, which is not followed",
      ])
  }
}
