import Foundation
import SerdCorpora
import SerdTestKit
import Testing

/// ASVP-ESD, and the choices that corpora offer.
@Suite struct SelectionTests {
  static let files = [
    "Audio/actor_17/03-01-05-01-02-17-02-01-16.wav", "Audio/actor_17/03-02-13-01-02-17-02-01-16.wav",
    "Audio/actor_02/03-02-01-01-02-02-02-01-16-77.wav", "Audio/actor_102/03-01-12-01-02-102-02-01-16.WAV",
    "Audio/actor_17/03-01-05-01-02-18-02-01-16.wav", "Audio/actor_17/03-01-05-01-02-17.wav",
    "Audio/actor_17/03-03-05-01-02-17-02-01-16.wav", "Audio/actor_17/03-01-14-01-02-17-02-01-16.wav",
    "Audio/actor_17/01-01-05-01-02-17-02-01-16.wav", "Audio/copy/03-01-05-01-02-17-02-01-16.flac",
    "Audio/actor_17/Thumbs.db", "Bonus/actor_17/03-01-06-01-02-17-04-01-16.wav",
  ]

  static func read(_ folder: ScratchFolder, _ selection: CorpusSelection = CorpusSelection()) throws -> Corpus {
    try Corpus.read(format: "asvp-esd", folder: folder.path, selection: selection)
  }

  @Test("ASVP-ESD gives the recordings of its actors, and a reason for every other file")
  func asvpReadsActorsAndNamesTheRest() throws {
    let folder = try CorpusTests.tree(Self.files)
    let corpus = try Self.read(folder)
    #expect(corpus.recordings.map(\.speaker) == ["002", "102", "017", "017"])
    #expect(
      corpus.recordings.map { corpus.labels[$0.label] } == ["boredom", "disappointment", "anger", "breath or other"])
    let reasons = CorpusTests.leftOut(corpus, folder)
    #expect(reasons[Self.files[4]] == "the actor of the name is not that of the folder")
    for index in 5...7 { #expect(reasons[Self.files[index]]?.hasPrefix("not a name like") == true, "\(index)") }
    #expect(reasons[Self.files[8]] == "not audio only")
    #expect(reasons[Self.files[9]] == "a second file of this name")
    #expect(reasons[Self.files[10]] == "not a sound file")
    #expect(reasons[Self.files[11]] == "in the bonus folder")
    #expect(reasons.count == 8)
  }

  @Test("Speech or other sounds, and twelve classes, can be selected of ASVP-ESD")
  func asvpSelects() throws {
    let folder = try CorpusTests.tree(Self.files)
    let speech = try Self.read(folder, CorpusSelection(part: .speech, classes: .twelve))
    #expect(speech.recordings.map(\.speaker) == ["102", "017"] && speech.labels.count == 12)
    #expect(speech.name == "ASVP-ESD (speech, 12 classes)")
    #expect(speech.leftOut.count { $0.reason == "not speech, as selected" } == 2)
    let other = try Self.read(folder, CorpusSelection(part: .nonSpeech, classes: .twelve))
    #expect(other.recordings.map(\.speaker) == ["002"])
    #expect(other.leftOut.count { $0.reason == "not one of the selected classes" } == 1)
  }

  @Test("A choice that a corpus format does not have is refused")
  func choicesThatAFormatDoesNotHaveAreRefused() {
    let wrong: [(String, CorpusSelection)] = [
      ("emodb", CorpusSelection(part: .speech)), ("ravdess", CorpusSelection(classes: .four)),
      ("iemocap", CorpusSelection(part: .speech)), ("iemocap", CorpusSelection(classes: .twelve)),
      ("iemocap", CorpusSelection(sessions: [])), ("iemocap", CorpusSelection(sessions: [1, 6])),
      ("asvp-esd", CorpusSelection(part: .scripted)), ("asvp-esd", CorpusSelection(sessions: [1])),
      ("asvp-esd", CorpusSelection(foldUnit: .session)), ("manifest", CorpusSelection(classes: .full)),
    ]
    for (format, selection) in wrong {
      let error = thrown(CorpusError.self) {
        try Corpus.read(format: format, folder: "/nowhere", selection: selection)
      }
      #expect(error?.cause == .usage, "\(format) \(selection)")
    }
  }
}
