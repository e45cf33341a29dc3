import SerdSystem
import Testing

@Suite struct FileNameTests {
  @Test(
    "A name of any bytes comes back from its text",
    arguments: [
      Array("plain.wav".utf8), Array("mär😀.wav".utf8), [0x6D, 0xE4, 0x6E], [0xFF, 0xC3, 0x28, 0xF0, 0x9F, 0x98], [],
      // The characters that stand for bytes, should a name have one.
      Array("\u{10FFE4}".utf8),
    ] as [[UInt8]])
  func bytesComeBack(bytes: [UInt8]) {
    #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    #expect(FileName.cString(FileName.text(bytes)).map { UInt8(bitPattern: $0) } == bytes + [0])
  }

  @Test("A name that is UTF-8 is its own text")
  func plainText() {
    #expect(FileName.text(Array("mär.wav".utf8)) == "mär.wav" && FileName.isText("mär.wav"))
    #expect(!FileName.isText(FileName.text([0xE4])))
  }

  @Test("What controls a terminal, and what is no UTF-8, is shown escaped")
  func shown() {
    #expect(printable("mär 1.wav") == "mär 1.wav")
    #expect(printable(FileName.text([0x6D, 0xE4, 0x6E])) == #""m\xE4n""#)
    #expect(printable("a\u{1B}[2Jb\n") == #""a\u{1B}[2Jb\n""#)
    #expect(printable("a\u{202E}b\u{9B}") == #""a\u{202E}b\u{9B}""#)
    #expect(printable("") == #""""#)
  }
}
