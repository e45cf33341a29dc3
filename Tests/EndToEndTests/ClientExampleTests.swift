import Foundation
import SerdClient
import SerdTestKit
import Testing

/// The client examples in Examples, against the real event server.
@Suite struct ClientExampleTests {
  /// Whether a program is installed: the examples need interpreters that not every machine has.
  static func has(_ program: String) -> Bool { Hook.exists(program) }

  @Test("The Python client", .enabled(if: has("python3"), "no python3"))
  func python() throws { try check("emotions.py") }

  @Test("The Node client", .enabled(if: has("node"), "no node"))
  func node() throws { try check("emotions.js") }

  @Test("The shell client", .enabled(if: has("socat"), "no socat"))
  func shell() throws { try check("emotions.sh") }

  /// A package of its own, which only .ci/run builds beforehand.
  static let swiftClient = Golden.folder + "/../../.build/examples/debug/emotions"

  @Test("The Swift client", .enabled(if: has(swiftClient), "not built: see Examples/README.md"))
  func swift() throws { try check(program: Self.swiftClient) }

  private func check(_ name: String) throws { try check(program: Golden.folder + "/../../Examples/" + name) }

  /// It starts before the daemon, prints events, and goes on after the daemon's restart.
  private func check(program: String) throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/events.sock"
    let client = try RunningProgram(program, [path])
    for label in ["anger", "sadness"] {
      let fixture = try ServerFixture(at: path)
      // Once it is connected and has its first lines.
      do {
        try fixture.wait { $0.clients == 1 && $0.lines >= 3 }
      } catch {
        Issue.record(Comment(rawValue: "it does not connect: \(client.messages)"))
        return
      }
      fixture.publish(SampleEvents.window(1), SampleEvents.emotion(label), SampleEvents.summary())
      fixture.publish(SampleEvents.emotion(label, .end))
      for phase in ["begin", "end"] {
        let line = try #require(try client.line(), "\(client.messages)")
        let words = line.split(separator: " ")
        #expect(words.count == 4 && words.prefix(3) == [Substring(phase), Substring(label), "0.8765"], "\(line)")
        #expect(words.last?.hasSuffix("Z") == true)
      }
      fixture.server.stop()
    }
  }
}
