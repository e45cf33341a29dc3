import Foundation
import SerdClient
import SerdTestKit
import Testing

/// The recipes that need nothing but Python, against the real event server; the others, and the real programs that they
/// talk to, are in tools/slow-tests/recipes.
@Suite struct RecipeTests {
  private let folder: ScratchFolder
  private let fixture: ServerFixture

  init() throws {
    folder = try ScratchFolder()
    fixture = try ServerFixture()
  }

  private func start(_ recipe: String, _ arguments: [String]) throws -> RunningProgram {
    let program = try RunningProgram(
      Golden.folder + "/../../tools/recipes/" + recipe, ["--socket", fixture.path] + arguments)
    try fixture.wait { $0.clients == 1 && $0.lines >= 3 }
    return program
  }

  @Test("Journal entries with fields, in the journal's own form", .enabled(if: Hook.exists("python3"), "no python3"))
  func journal() throws {
    let path = "\(folder.path)/journal"
    let journal = try DatagramSocket(at: path)
    let program = try start("journal/serd-journal", ["--journal", path])
    #expect(try journal.fields()["SERD_ACTIVITY"] == "listening")
    #expect(try journal.fields()["SERD_HEALTH"] == "listening")
    fixture.publish(SampleEvents.emotion("anger"), SampleEvents.window(1), SampleEvents.state(.muted))
    fixture.publish(SampleEvents.health(.noSignal))
    let emotion = try journal.fields()
    #expect(emotion["MESSAGE"] == "anger begins (88%)" && emotion["SERD_LABEL"] == "anger", "\(emotion)")
    #expect(emotion["SERD_ID"] == "1-1" && emotion["SERD_PHASE"] == "begin" && emotion["PRIORITY"] == "6")
    #expect(emotion["SYSLOG_IDENTIFIER"] == "serd-events" && emotion["SERD_CONFIDENCE"] == "0.8765")
    #expect(try journal.fields()["SERD_ACTIVITY"] == "muted")
    let health = try journal.fields()
    #expect(health["SERD_HEALTH"] == "no-signal" && health["PRIORITY"] == "4", "\(health)")
    fixture.server.stop()
    let gone = try journal.fields()
    #expect(gone["SERD_ACTIVITY"] == "gone" && gone["PRIORITY"] == "4", "\(gone)")
    program.signal(SIGTERM)
    #expect(program.wait() == SIGTERM && program.messages.isEmpty, "\(program.messages)")
  }

  @Test(
    "An LED: on while it listens, dark while muted, blinking without sound",
    .enabled(if: Hook.exists("python3"), "no python3"))
  func led() throws {
    let led = try folder.write("brightness", Array("7".utf8))
    try folder.write("max_brightness", Array("255\n".utf8))
    func wait(for brightness: String) throws {
      let deadline = ContinuousClock.now + .seconds(60)
      while try String(contentsOfFile: led, encoding: .utf8) != brightness {
        guard ContinuousClock.now < deadline else { throw RawClient.Silence() }
        sched_yield()
      }
    }
    let program = try start("led/serd-led", [folder.path])
    try wait(for: "255")
    fixture.publish(SampleEvents.state(.muted))
    try wait(for: "0")
    fixture.publish(SampleEvents.state(.listening))
    try wait(for: "255")
    fixture.publish(SampleEvents.health(.noSignal))
    for brightness in ["0", "255", "0", "255"] { try wait(for: brightness) }
    program.signal(SIGTERM)
    #expect(program.wait() == 0 && program.messages.isEmpty, "\(program.messages)")
    try wait(for: "0")
  }
}

/// A socket that takes datagrams, as the journal's does.
private final class DatagramSocket {
  private let descriptor: Int32

  init(at path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    guard result == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  deinit { close(descriptor) }

  /// The fields of the next entry; throws if there is none for a minute.
  func fields() throws -> [String: String] {
    var set = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    guard poll(&set, 1, 60_000) > 0 else { throw RawClient.Silence() }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    var fields: [String: String] = [:]
    for line in String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n") {
      let pair = line.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { fields[String(pair[0])] = String(pair[1]) }
    }
    return fields
  }
}
