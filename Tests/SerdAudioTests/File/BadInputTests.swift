import CSndFile
import Dispatch
import Glibc
import SerdAudio
import SerdSystem
import SerdTestKit
import Synchronization
import Testing

@Suite struct BadInputTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Reads a file that must fail; checks that the error is one line that names the file.
  func failure(
    _ path: String, of kind: ErrorCause, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let error = try #require(
      thrown(AudioError.self) { try FileSource(path: path).readAll() }, sourceLocation: sourceLocation)
    #expect(error.cause == kind, "\(error)", sourceLocation: sourceLocation)
    #expect(error.description.hasPrefix(path.isEmpty ? "\"\": " : "\(path): "), sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    return error.problem
  }

  @Test("A file that is missing is told as such, and so is one without a name")
  func missingFile() throws {
    #expect(try failure("\(scratch.folder)/none.wav", of: .noInput) == "there is no such file")
    #expect(try failure("", of: .noInput) == "there is no such file")
  }

  @Test("A folder is told as such")
  func folder() throws {
    #expect(try failure(scratch.folder, of: .noInput) == "is a folder")
  }

  @Test("A file that this user may not read is told as such", .enabled(if: getuid() != 0, "root may read everything"))
  func unreadableFile() throws {
    let path = try scratch.write("x.wav", WaveBytes(data: pcm16(noise(100))).bytes)
    chmod(path, 0)
    #expect(try failure(path, of: .noInput) == "may not be read by this user")
  }

  @Test("An empty file is told as such, and so is a device that gives nothing")
  func emptyFile() throws {
    #expect(try failure(scratch.write("x.wav", []), of: .badData) == "is empty")
    #expect(try failure("/dev/null", of: .badData) == "is empty")
  }

  @Test("Text under the name of a sound file is no audio")
  func text() throws {
    let path = try scratch.write("x.wav", Array(repeating: Array("Dear diary,\n".utf8), count: 50).flatMap { $0 })
    #expect(try failure(path, of: .badData) == "is not audio in any format that libsndfile reads")
  }

  /// What is opened elsewhere meanwhile must not lose its descriptor: libsndfile closes what it cannot open.
  @Test("Files that cannot be opened do not close what others read meanwhile")
  func badFilesTakeNothingFromOthers() throws {
    let bad = try scratch.write("bad.wav", Array("Dear diary,\n".utf8))
    let sound = noise(100)
    let good = try scratch.write("good.wav", WaveBytes(data: pcm16(sound)).bytes)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for _ in 0..<3000 {
        if worker % 2 == 0 {
          _ = try? FileSource(path: bad)
          continue
        }
        do {
          let count = try FileSource(path: good).readAll().count
          if count != sound.count { failures.withLock { $0.append("\(count) samples") } }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 }.isEmpty)
  }

  @Test("The name of a raw format does not make sound of text", arguments: ["x.vox", "x.gsm", "x.au", "x.raw"])
  func namesDoNotMakeSound(name: String) throws {
    let path = try scratch.write(name, Array(repeating: Array("Dear diary,\n".utf8), count: 50).flatMap { $0 })
    #expect(try failure(path, of: .badData) == "is not audio in any format that libsndfile reads")
  }

  @Test("A header without sound is told as such, and so is one that is cut off")
  func headerWithoutSound() throws {
    #expect(try failure(scratch.write("x.wav", WaveBytes().bytes), of: .badData) == "has a header but no sound")
    let cut = Array(WaveBytes(data: pcm16(noise(100))).bytes[..<36])
    #expect(try failure(scratch.write("y.wav", cut), of: .badData).contains("data"))
  }

  @Test("A number of channels that no file can have is refused", arguments: [0, 1_025, 60_000])
  func impossibleChannelCount(channels: Int) throws {
    let path = try scratch.write("x.wav", WaveBytes(channels: channels, data: pcm16(noise(60_000))).bytes)
    #expect(try failure(path, of: .badData).lowercased().contains("channel"))
  }

  @Test("A sample rate out of range is refused with the range", arguments: [1, 8, 999, 1_000_001, 0x7FFF_FFFF])
  func sampleRateOutOfRange(rate: Int) throws {
    let path = try scratch.write("x.wav", WaveBytes(rate: rate, data: pcm16(noise(100))).bytes)
    #expect(
      try failure(path, of: .badData) == "has a sample rate of \(rate) Hz; 1000 to 1000000 Hz are read")
  }

  @Test("A sample rate of zero or less is refused", arguments: [0, -1, Int(Int32.min)])
  func impossibleSampleRate(rate: Int) throws {
    let path = try scratch.write("x.wav", WaveBytes(rate: rate, data: pcm16(noise(100))).bytes)
    #expect(try failure(path, of: .badData).contains("impossible sample rate"))
  }

  @Test(
    "A sample that is no number is told with its time, in either of two channels too",
    arguments: [Float.nan, .infinity, -.infinity, 1e13], [16_000, 48_000])
  func samplesThatAreNoNumbers(bad: Float, rate: Int) throws {
    var samples = noise(3 * rate)
    samples[2 * rate + rate / 4] = bad
    var wave = WaveBytes(rate: rate, bits: 32, encoding: 3, data: float32(samples))
    #expect(
      try failure(scratch.write("x.wav", wave.bytes), of: .badData)
        == "holds a sample that is no number (\(bad)) at 2.25 s")
    // One bad channel of two is as bad, and cannot cancel out.
    wave.channels = 2
    wave.data = float32([0.5, 0.5, .infinity, -.infinity])
    #expect(try failure(scratch.write("y.wav", wave.bytes), of: .badData).hasPrefix("holds a sample that is no number"))
  }

  @Test("After an error every read gives the same error")
  func anErrorStays() throws {
    let wave = WaveBytes(bits: 32, encoding: 3, data: float32([0, 0, .nan, 0]))
    let source = try FileSource(path: scratch.write("x.wav", wave.bytes))
    let first = try #require(thrown(AudioError.self) { try source.read(1_000) })
    #expect(thrown(AudioError.self) { try source.read(1_000) } == first)
  }

  @Test("Line breaks in a file's name are escaped")
  func lineBreaksInNamesAreEscaped() throws {
    let error = try #require(thrown(AudioError.self) { try FileSource(path: "two\nlines.wav") })
    #expect(error.description.hasPrefix("\"two\\nlines.wav\": there is no such file; "))
  }

  @Test("A closed descriptor is an error that names what it was for")
  func closedDescriptor() throws {
    let error = try #require(thrown(AudioError.self) { try FileSource(descriptor: -1, name: "standard input") })
    #expect(error.cause == .noInput && error.description.hasPrefix("standard input: cannot be read (Bad file"))
  }
}
