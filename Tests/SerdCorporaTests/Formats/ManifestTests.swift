import Foundation
import SerdCorpora
import SerdTestKit
import Testing

/// Corpora by manifest, and the CSV that it is written in.
@Suite struct ManifestTests {
  private func read(_ text: String, _ files: [String] = ["a.wav", "b, c.wav", "d.wav"]) throws -> Corpus {
    let folder = try CorpusTests.tree(files, ["list.csv": Array(text.utf8)])
    return try withExtendedLifetime(folder) { try Corpus.read(format: "manifest", folder: folder.path + "/list.csv") }
  }

  @Test("A manifest's columns go by name, and quoted fields may hold commas, quotes and line ends")
  func columnsByNameQuotesAndLineEnds() throws {
    let text =
      "\u{FEFF}Speaker, label ,path,text\r\nAnna,joy,a.wav,\"say \"\"yes\"\"\nor no\"\r\n\r\nBen,anger,\"b, c.wav\",\r\nAnna,joy,d.wav,x"
    let corpus = try read(text)
    #expect(corpus.name == "list" && corpus.labels == ["anger", "joy"] && corpus.leftOut.isEmpty)
    #expect(corpus.recordings.map(\.name) == ["a.wav", "b, c.wav", "d.wav"])
    #expect(corpus.recordings.map(\.speaker) == ["Anna", "Ben", "Anna"])
    #expect(corpus.recordings.map(\.label) == [1, 0, 1])
    #expect(corpus.recordings.map(\.text) == ["say \"yes\"\nor no", "", "x"])
  }

  @Test("The terms are what a file beside the manifest says, for whoever gets a model of it")
  func terms() throws {
    let text = "path,label,speaker\na.wav,joy,Anna\nd.wav,anger,Ben\n"
    #expect(try read(text, ["a.wav", "d.wav"]).terms == "those of the recordings that list.csv names")
    let folder = try CorpusTests.tree(
      ["a.wav", "d.wav"],
      ["list.csv": Array(text.utf8), "list.terms": Array(" Our recordings (2026): CC0 \nnothing else\n".utf8)])
    let corpus = try Corpus.read(format: "manifest", folder: folder.path + "/list.csv")
    #expect(corpus.terms == "Our recordings (2026): CC0")
  }

  @Test("A folder means its manifest.csv, whose paths are relative to it")
  func aFolderMeansItsManifestAndPathsAreRelativeToIt() throws {
    let folder = try CorpusTests.tree(["deep/a.wav"])
    let text = "path,label,speaker\na.wav,x,1\n\(folder.path)/deep/a.wav,x,1\n../deep/none.wav,y,3\nother.wav,y,2\n"
    try folder.write("deep/manifest.csv", Array(text.utf8))
    try folder.write("deep/other.wav", [])
    let corpus = try Corpus.read(format: "manifest", folder: folder.path + "/deep")
    // What is not there is found when it is read, as in every corpus: training then stops and names it.
    #expect(corpus.name == "deep" && corpus.recordings.map(\.name) == ["../deep/none.wav", "a.wav", "other.wav"])
    let missing = CorpusInspection(of: corpus).unreadable.first { $0.path.hasSuffix("/deep/none.wav") }
    #expect(missing?.reason.contains("there is no such file") == true)
    let reasons = corpus.leftOut.map { "\($0.path.split(separator: ":")[1]) \($0.reason)" }.sorted()
    #expect(reasons == ["3 named before"])
  }

  @Test(
    "What cannot be understood in a manifest is named with its line",
    arguments: [
      ("", 1, "empty"), ("path,label\n", 1, "no column \"speaker\""), ("path,label,speaker,txt\n", 1, "column \"txt\""),
      ("path,label,speaker,path\n", 1, "named twice"), ("path,label,speaker\na.wav,x\n", 2, "2 fields instead of 3"),
      ("path,label,speaker\na.wav,x,1\na.wav,x,1,2\n", 3, "4 fields instead of 3"),
      ("path,label,speaker\na.wav, ,1\n", 2, "the label is empty"),
      ("path,label,speaker\n\n\n\"a.wav,x,1\n\n", 4, "never closed"),
      ("path,label,speaker\n\"a\nb\"x,x,1\n", 3, "after the closing quote"),
      ("path,label,speaker\na\"b,x,1\n", 2, "a quote inside a field"),
      ("path,label,speaker\na.wav,x,1\nd.wav,y,1\na.wav,y,1\n", 4, "in line 2"),
      ("path,label,speaker\na.wav,x,1\nd.wav,y,1\n./a.wav,y,1\n", 4, "in line 2"),
      (",path,label,speaker\n0,a.wav,x,1\n", 1, "a column without a name, as an index is"),
      ("Unnamed: 0;path;label;speaker\n0;a.wav;x;1\n", 1, "a column without a name, as an index is"),
      ("path;label;speaker\na.wav;x\n", 2, "2 fields instead of 3"),
      ("path,label,speaker\na.wav,x,1\nsub\\d.wav,y,1\n", 3, "backslashes separate no folders here"),
      ("path,label,speaker\na.wav,Anger,1\nd.wav,anger,1\n", 3, "the label \"anger\" is \"Anger\" in line 2"),
      ("path,label,speaker\na.wav,x,Anna\nd.wav,y,anna\n", 3, "the speaker \"anna\" is \"Anna\" in line 2"),
      ("path,label,speaker\na.wav,very happy,1\n", 2, "is not one word"),
      ("path,label,speaker,votes\na.wav,x,1,\nd.wav,y,1,x:3 z:1\n", 3, "a vote for \"z\""),
      ("path,label,speaker,votes\na.wav,x,1,x:many\nd.wav,y,1,\n", 2, "no label with a number"),
    ])
  func whatCannotBeUnderstoodIsNamedWithItsLine(text: String, line: Int, words: String) throws {
    let error = thrown(CorpusError.self) { try read(text) }
    #expect(
      error?.cause == .badData && error?.place?.hasSuffix("list.csv:\(line)") == true, "\(String(describing: error))")
    #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("Votes are shares of the labels; who has none has none")
  func votesAreShares() throws {
    let corpus = try read("path,label,speaker,votes\na.wav,x,1,x:3 y:1\nd.wav,y,1,\nsub/e.wav,y,1,y x\n")
    #expect(corpus.labels == ["x", "y"])
    #expect(corpus.recordings.map(\.votes) == [[0.75, 0.25], nil, [0.5, 0.5]])
  }

  @Test("Semicolons, tabs, UTF-16 and Excel's own first line are read like the plain form", arguments: [false, true])
  func asSpreadsheetsWriteIt(isWide: Bool) throws {
    let plain = try read("path,label,speaker,text\na.wav,joy,Anna,yes\n\"b, c.wav\",anger,Ben,\n")
    for text in [
      "path;label;speaker;text\r\na.wav;joy;Anna;yes\r\nb, c.wav;anger;Ben;\r\n",
      "path\tlabel\tspeaker\ttext\r\na.wav\tjoy\tAnna\tyes\r\nb, c.wav\tanger\tBen\t\r\n",
      "sep=;\r\n\"path\";\"label\";\"speaker\";\"text\"\r\na.wav;joy;Anna;yes\r\nb, c.wav;anger;Ben;\r\n",
    ] {
      let bytes: [UInt8]
      if isWide {
        bytes = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      } else {
        bytes = Array(text.utf8)
      }
      let folder = try CorpusTests.tree(["a.wav", "b, c.wav"], ["list.csv": bytes])
      let corpus = try withExtendedLifetime(folder) {
        try Corpus.read(format: "manifest", folder: folder.path + "/list.csv")
      }
      #expect(corpus.identity == plain.identity, "\(text)")
    }
  }

  @Test("A file that is named twice, however it is spelt, counts once")
  func spelledDifferently() throws {
    let corpus = try read("path,label,speaker\na.wav,x,1\nd.wav,y,1\n./a.wav,x,1\n")
    #expect(corpus.recordings.map(\.name) == ["a.wav", "d.wav"])
    #expect(corpus.leftOut.map(\.reason) == ["named before"])
  }

  @Test("A manifest that is missing, not UTF-8 or has nothing to learn from is refused")
  func manifestsWithNothingToLearnAreRefused() throws {
    for text in ["path,label,speaker\n", "path,label,speaker\nnone.wav,x,1\n", "path,label,speaker\na.wav,x,1\n"] {
      #expect(thrown(CorpusError.self) { try read(text) }?.cause == .badData, "\(text)")
    }
    #expect(thrown(CorpusError.self) { try read("path,label,speaker\n") }?.problem.hasSuffix("has no rows") == true)
    #expect(
      thrown(CorpusError.self) { try Corpus.read(format: "manifest", folder: "/nowhere.csv") }?.cause == .noInput)
    let folder = try CorpusTests.tree([], ["list.csv": [0x70, 0xFF, 0xFE]])
    let error = thrown(CorpusError.self) { try Corpus.read(format: "manifest", folder: folder.path + "/list.csv") }
    #expect(error?.problem.contains("UTF-8") == true)
  }
}
