import SerdAudio
import SerdSystem
import Testing

@Suite struct ReplayTests {
  @Test(
    "Only speed= at the very end is an option; other commas belong to the name",
    arguments: [
      ("a.wav", "a.wav", 1.0), ("a.wav,speed=4", "a.wav", 4), ("a, b.wav,speed=0.5", "a, b.wav", 0.5), ("-", "-", 1),
      ("a,b.wav", "a,b.wav", 1), ("a,speed=2,speed=0", "a,speed=2", 0), ("a,speed=2,b", "a,speed=2,b", 1),
    ])
  func option(text: String, path: String, speed: Double) throws {
    #expect(try ReplayOption(parsing: text) == ReplayOption(path: path, speed: speed))
  }

  @Test(
    "A replay without a name, or with a speed that is none, is refused",
    arguments: [
      "", ",speed=2", "a,speed=", "a,speed=fast", "a,speed=-1", "a,speed=inf", "a,speed=nan", "a,speed=1x",
    ])
  func badOptionsAreRefused(text: String) {
    #expect(throws: AudioError.self) { try ReplayOption(parsing: text) }
  }

  private func recording(_ seconds: Double, rate: Int = 16_000, in scratch: Scratch) throws -> String {
    try scratch.write("a,b.wav", WaveBytes(rate: rate, data: pcm16(noise(Int(seconds * Double(rate))))).bytes)
  }

  @Test(
    "A replay delivers what the file holds, bit for bit, and ends",
    arguments: [(16_000, 0.0), (44_100, 0), (16_000, 40)])
  func sameAsFile(rate: Int, speed: Double) throws {
    let scratch = try Scratch()
    let path = try recording(2, rate: rate, in: scratch)
    let listener = Listener(try ReplaySource(ReplayOption(path: path, speed: speed)))
    while listener.read() != .ended {}
    #expect(identical(listener.samples, try FileSource(path: path).readAll()))
    let native = try FileSource(path: path).native
    #expect(listener.events == [.device(.capturing(native)), .ended])
    #expect(listener.read() == .ended)
  }

  @Test("Times are those of the recording from the start on, at every speed", arguments: [0, 1, 30.0])
  func times(speed: Double) throws {
    let scratch = try Scratch()
    let path = try recording(0.2, in: scratch)
    let before = MonotonicClock.now
    let listener = Listener(try ReplaySource(ReplayOption(path: path, speed: speed)))
    let after = MonotonicClock.now
    while listener.read() != .ended {
      guard let heardAt = listener.heardAt else { continue }
      let elapsed = Int64(listener.samples.count) * 62_500
      #expect(before + elapsed <= heardAt && heardAt <= after + elapsed)
      if speed == 1 { #expect(heardAt <= MonotonicClock.now, "nothing is heard before its time") }
    }
    #expect(listener.samples.count == 3_200)
  }

  @Test("A timeout that is over before the next sound is due gives nothing")
  func timeout() throws {
    let scratch = try Scratch()
    let source = try ReplaySource(ReplayOption(path: recording(1, in: scratch), speed: 0.001))
    let listener = Listener(source)
    listener.read()
    #expect(listener.read(timeout: .zero) == .nothing)
    #expect(listener.read(timeout: .milliseconds(1)) == .nothing)
    source.stop()
    #expect(listener.read(timeout: .zero) == .ended)
  }

  @Test("A recording of silence is flat, as a microphone would be")
  func flat() throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.wav", WaveBytes(data: [UInt8](repeating: 0, count: 160_000)).bytes)
    let listener = Listener(try ReplaySource(ReplayOption(path: path, speed: 0)))
    while listener.read() != .ended {}
    #expect(listener.events.contains(.signal(.flat)))
  }

  @Test("A recording that is cut short ends there and says so")
  func cutShort() throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.wav", WaveBytes(data: pcm16(noise(1_000)), statedSize: 64_000).bytes)
    let source = try ReplaySource(ReplayOption(path: path, speed: 0))
    let listener = Listener(source)
    while listener.read() != .ended {}
    #expect(listener.samples.count == 1_000)
    #expect(source.problem?.contains("promises") == true, "\(source.problem ?? "")")
  }

  @Test("A file that is not there is an error at once")
  func missing() {
    #expect(throws: AudioError.self) { try ReplaySource(ReplayOption(path: "/no/such/file.wav")) }
  }
}
