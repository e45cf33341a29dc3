import Foundation
import SerdRecordings
import SerdSystem
import SerdTestKit
import Testing

@Suite struct RecordingListTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func make(_ names: String...) throws {
    for name in names {
      let path = "\(folder.path)/\(name)"
      let parent = path.prefix(upTo: path.lastIndex(of: "/")!)
      try FileManager.default.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
      try folder.write(name, [])
    }
  }

  private func found(_ paths: String...) throws -> [String] {
    let found = try RecordingList.recordings(in: paths.map { "\(folder.path)/\($0)" })
    return found.map { $0.replacing(folder.path + "/", with: "") }
  }

  @Test("A folder gives the sound files in it and below it, sorted, and nothing else")
  func folderIsSearched() throws {
    try make("f/b.WAV", "f/a.flac", "f/c/z.mp3", "f/c/y.ogg", "f/d.txt", "f/wav", "f/.hidden.wav", "f/.git/x.wav")
    #expect(try found("f") == ["f/a.flac", "f/b.WAV", "f/c/y.ogg", "f/c/z.mp3"])
    #expect(try found("f/") == ["f/a.flac", "f/b.WAV", "f/c/y.ogg", "f/c/z.mp3"])
  }

  @Test("What is named is taken in its order, whatever it is called, also if it does not exist")
  func namedFiles() throws {
    try make("x.txt", "f/a.wav")
    #expect(try found("x.txt", "gone.wav", "f", "x.txt") == ["x.txt", "gone.wav", "f/a.wav", "x.txt"])
  }

  @Test("Links are followed, and one that leads in a circle is followed once")
  func circles() throws {
    try make("f/a.wav", "g/b.wav")
    for (link, target) in [("f/loop", "."), ("f/other", "../g"), ("g/back", "../f"), ("f/z.wav", "../g/b.wav")] {
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(link)", withDestinationPath: target)
    }
    #expect(try found("f") == ["f/a.wav", "f/other/b.wav", "f/z.wav"])
    #expect(try found("f", "g").count == 3, "a folder is visited once")
  }

  @Test("A name that is no UTF-8 is found in a folder, and can be opened")
  func otherEncodings() throws {
    let name: [UInt8] = Array((folder.path + "/m").utf8) + [0xE4] + Array("r.wav".utf8)
    let descriptor = open(name.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    let file = try #require(try RecordingList.recordings(in: [folder.path]).first)
    #expect(FileName.bytes(file) == name)
    #expect(access(FileName.cString(file), F_OK) == 0)
  }

  @Test("A folder without sound, and one that is not to be read, are named")
  func emptyFolders() throws {
    try make("f/a.txt")
    let error = try #require(thrown(RecordingError.self) { try RecordingList.recordings(in: [folder.path + "/f"]) })
    #expect(error.cause == .noInput && error.place == folder.path + "/f")
  }

  @Test("A list has a name a line, or each with a NUL at its end")
  func lists() throws {
    let lines = try folder.write("lines", Array("a.wav\n\nb c.wav\n".utf8))
    #expect(try RecordingList.names(inList: lines, separator: 10) == ["a.wav", "b c.wav"])
    let null = try folder.write("null", Array("a\nb.wav\0c.wav\0".utf8))
    #expect(try RecordingList.names(inList: null, separator: 0) == ["a\nb.wav", "c.wav"])
    let error = try #require(
      thrown(RecordingError.self) { try RecordingList.names(inList: folder.path + "/gone", separator: 10) })
    #expect(error.cause == .noInput)
  }
}
