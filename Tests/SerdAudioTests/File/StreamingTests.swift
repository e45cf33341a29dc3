import CSndFile
import Glibc
import SerdAudio
import SerdTestKit
import Testing

@Suite struct StreamingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Reads through a pipe that another process fills, as `cat FILE | serd --once -`.
  func readThroughPipe(_ path: String) throws -> [Float] {
    let pipe = try #require(popen("cat '\(path)'", "r"))
    defer { pclose(pipe) }
    return try FileSource(descriptor: fileno(pipe), name: "standard input").readAll()
  }

  @Test(
    "Reading in chunks of any size gives what one read gives, and the end stays the end",
    arguments: [8_000, 16_000, 44_100, 48_000], [1, 2])
  func chunksEqualOneRead(rate: Int, channels: Int) throws {
    let path = try scratch.write(
      "x.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, rate: rate, channels: channels, noise(60_000))
    let whole = try FileSource(path: path).read(1_000_000)
    #expect(whole.count == Int((60_000.0 / Double(channels) * 16_000 / Double(rate)).rounded()))
    for chunk in [1, 256, 999, 16_384, 50_000] {
      let source = try FileSource(path: path)
      var joined: [Float] = []
      while case let part = try source.read(chunk), !part.isEmpty { joined += part }
      #expect(identical(joined, whole), "chunks of \(chunk)")
      #expect(try source.read(1).isEmpty, "the end stays the end")
    }
  }

  @Test(
    "Every format reads the same through a pipe as from its file",
    arguments: FileKind.lossless + [.vorbis, .opus, .adpcm])
  func pipeEqualsFile(kind: FileKind) throws {
    let path = try scratch.write(kind.name, format: kind.format, rate: 48_000, channels: 2, noise(200_000))
    #expect(try identical(readThroughPipe(path), FileSource(path: path).readAll()))
  }

  @Test("A redirected file reads the same as by its name, and its descriptor stays the caller's")
  func redirectedFileEqualsFile() throws {
    let path = try scratch.write("x.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, rate: 22_050, noise(60_000))
    let file = open(path, O_RDONLY)
    defer { close(file) }
    #expect(
      try identical(
        FileSource(descriptor: file, name: "standard input").readAll(), FileSource(path: path).readAll()))
    #expect(fcntl(file, F_GETFD) != -1, "the descriptor is still the caller's")
  }

  @Test("A named pipe reads the same as the file that is written to it")
  func namedPipeEqualsFile() throws {
    let path = try scratch.write("x.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, rate: 22_050, noise(60_000))
    let fifo = scratch.path("fifo")
    try #require(mkfifo(fifo, 0o600) == 0)
    let writer = try #require(popen("cat '\(path)' >'\(fifo)'", "r"))
    defer { pclose(writer) }
    #expect(try identical(FileSource(path: fifo).readAll(), FileSource(path: path).readAll()))
  }

  /// What recorders write that cannot go back to their header: no warning, and every sample.
  @Test(
    "A header that promises sound without end is read to its end, without a warning",
    arguments: [0x7FFF_F000, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func endlessHeadersAreRead(statedSize: UInt32) throws {
    let data = pcm16(noise(20_000))
    let path = try scratch.write("x.wav", WaveBytes(data: data, statedSize: statedSize).bytes)
    let honest = try FileSource(path: scratch.write("y.wav", WaveBytes(data: data).bytes)).readAll()
    #expect(honest.count == 20_000)
    let source = try FileSource(path: path)
    #expect(try identical(source.readAll(), honest))
    #expect(source.remarks.isEmpty)
    #expect(try identical(readThroughPipe(path), honest))
  }

  @Test("Chunks after a file's data are no sound")
  func chunksAfterTheDataAreNoSound() throws {
    var wave = WaveBytes(data: pcm16(noise(1_000)))
    wave.trailer = Array("LIST".utf8) + [0x90, 1, 0, 0] + Array(repeating: 0x55, count: 400)
    let path = try scratch.write("x.wav", wave.bytes)
    #expect(try FileSource(path: path).readAll().count == 1_000)
    #expect(try readThroughPipe(path).count == 1_000)
  }

  @Test("A stream is read as it comes, while its writer still lives")
  func aStreamIsReadAsItComes() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let bytes = WaveBytes(data: pcm16(noise(4_000)), statedSize: .max).bytes
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    // The writer still lives: a source that waited for the end would never return.
    let source = try FileSource(descriptor: ends[0], name: "standard input")
    #expect(source.duration == nil)
    #expect(try source.read(4_000).count == 4_000)
    close(ends[1])
    #expect(try source.read(1).isEmpty)
    close(ends[0])
  }

  @Test("Three hours of sound do not need three hours' memory")
  func threeHoursNeedNoThreeHoursOfMemory() throws {
    // A sparse file: the header, then a hole of zeros; 173 MB at 8 kHz would be 691 MB of float at 16 kHz.
    let frames = 3 * 3_600 * 8_000
    let header = WaveBytes(rate: 8_000, statedSize: UInt32(2 * frames)).bytes
    let path = try scratch.write("long.wav", header)
    try #require(truncate(path, header.count + 2 * frames) == 0)
    let source = try FileSource(path: path)
    #expect(source.duration == 10_800)
    var buffer = [Float](repeating: 1, count: 8_192)
    var (total, allSilent) = (0, true)
    let before = try residentBytes()
    var peak = before
    while true {
      let count = try buffer.withUnsafeMutableBufferPointer { try source.read(into: $0) }
      if count == 0 { break }
      total += count
      if total % (1 << 22) < 8_192 {
        peak = max(peak, try residentBytes())
        allSilent = allSilent && buffer[..<count].allSatisfy { $0 == 0 }
      }
    }
    #expect(total == 2 * frames && allSilent)
    // Other tests run beside this one, hence the room; the file itself takes less than 1 MiB.
    #expect(peak - before < 200 << 20)
  }

  private func residentBytes() throws -> Int {
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 200)
    try #require(fgets(&line, Int32(line.count), file) != nil)
    let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    return try #require(Int(text.split(separator: " ")[1])) * sysconf(Int32(_SC_PAGESIZE))
  }
}
