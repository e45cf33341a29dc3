import Foundation
import SerdTestKit
import Testing

/// A real `serd-web` beside a real daemon, asked at a Unix socket. What a browser makes of it is for
/// `tools/slow-tests/web`.
@Suite struct PageTests {
  /// The program, with everything of its own in a folder.
  private final class Served {
    let folder: ScratchFolder
    let program: RunningProgram
    let page: String

    init(daemon: String, _ settings: [String] = [], folder: ScratchFolder? = nil) throws {
      let folder = try folder ?? ScratchFolder()
      self.folder = folder
      page = "\(folder.path)/page.sock"
      let own = ["--config", try folder.write("web.conf", []), "--socket", daemon, "--set", "listen=\(page)"]
      let options = own + settings.flatMap { ["--set", $0] }
      program = try RunningProgram(Program("serd-web").path, options, environment: ["STATE_DIRECTORY": folder.path])
      while !program.messages.contains("the page is at") {
        guard kill(program.identifier, 0) == 0 else { throw RawClient.Silence() }
        usleep(1000)
      }
    }

    /// The answer to a request, head and body.
    func ask(_ request: String, _ headers: String = "") throws -> String {
      let client = try RawClient(path: page)
      client.send(Array("\(request) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n".utf8))
      var text = ""
      while let line = try client.line() { text += line.text + "\n" }
      return text
    }

    /// A viewer's connection.
    func look() throws -> RawClient {
      let client = try RawClient(path: page)
      client.send(Array("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
      return client
    }

    /// The next event that has this text in it.
    func event(_ client: RawClient, with text: String) throws -> String {
      // Heartbeats come for ever.
      for _ in 0..<2000 {
        guard let line = try client.line()?.text else { break }
        if line.hasPrefix("data: "), line.contains(text) { return line }
      }
      throw RawClient.Silence()
    }
  }

  private static let here = "Origin: http://localhost\r\n"

  /// A daemon, and the microphone that it hears, which is there as long as the value.
  private struct Heard {
    let microphone: FaultyMicrophone
    let daemon: RunningDaemon

    init(folder: ScratchFolder? = nil) throws {
      microphone = try SickMachine.microphone(speed: 4)
      daemon = try RunningDaemon(
        ["--device", microphone.device], environment: FaultyMicrophone.environment, folder: folder)
      try daemon.notification(with: "READY=1")
    }
  }

  @Test("A viewer is told what is true, then every window; muting is seen; one who comes later is told the same")
  func live() throws {
    let heard = try Heard()
    let served = try Served(daemon: heard.daemon.socket, ["allow-mute=yes"])
    let viewer = try served.look()
    _ = try served.event(viewer, with: "\"type\":\"hello\"")
    _ = try served.event(viewer, with: "\"type\":\"window\"")
    #expect(try served.ask("POST /mute", Self.here).hasPrefix("HTTP/1.1 204"))
    _ = try served.event(viewer, with: "\"activity\":\"muted\"")
    let late = try served.look()
    _ = try served.event(late, with: "\"activity\":\"muted\"")
    _ = try served.event(viewer, with: "\"viewers\":2")
    #expect(try served.ask("POST /unmute", Self.here).hasPrefix("HTTP/1.1 204"))
    _ = try served.event(viewer, with: "\"activity\":\"listening\"")
  }

  @Test("Without allow-mute, and from elsewhere, nobody mutes")
  func muting() throws {
    let heard = try Heard()
    let served = try Served(daemon: heard.daemon.socket)
    #expect(try served.ask("POST /mute", Self.here).contains("allow-mute = yes"))
    #expect(try served.ask("POST /mute", "Origin: http://evil.example\r\n").hasPrefix("HTTP/1.1 403"))
    #expect(try served.ask("GET /mute").contains("Allow: POST"))
  }

  @Test("A daemon that goes and comes back is followed, and a page is there before there is one")
  func restart() throws {
    let folder = try ScratchFolder()
    let served = try Served(daemon: "\(folder.path)/events.sock")
    let viewer = try served.look()
    _ = try served.event(viewer, with: "\"absence\":\"\(folder.path)/events.sock: no daemon serves it")
    for _ in 0..<2 {
      let heard = try Heard(folder: folder)
      _ = try served.event(viewer, with: "\"absence\":null")
      _ = try served.event(viewer, with: "\"type\":\"window\"")
      heard.daemon.signal(SIGKILL)
      _ = heard.daemon.exitStatus()
      _ = try served.event(viewer, with: "\"absence\":\"")
    }
  }

  @Test("What was heard is kept and exported, also after this program was killed; without the key there is no file")
  func history() throws {
    let heard = try Heard()
    let folder = try ScratchFolder()
    for signal in [SIGKILL, SIGTERM] {
      let served = try Served(daemon: heard.daemon.socket, ["history=yes"], folder: folder)
      let viewer = try served.look()
      _ = try served.event(viewer, with: "\"type\":\"window\"")
      let range = try served.ask("GET /history/range?from=0&to=4000000000000")
      #expect(range.contains("\"spans\":[["), "\(range)")
      served.program.signal(signal)
      _ = served.program.wait()
    }
    let exported = try Program("serd-web").run([
      "export", "--config", "\(folder.path)/web.conf", "--set", "history-file=\(folder.path)/history.sqlite",
    ])
    #expect(exported.status == 0 && exported.output.components(separatedBy: "\r\n").count >= 3, "\(exported)")
    let other = try Served(daemon: heard.daemon.socket)
    #expect(try other.ask("GET /history/range?from=0&to=1").hasPrefix("HTTP/1.1 503"))
    #expect(!FileManager.default.fileExists(atPath: "\(other.folder.path)/history.sqlite"))
  }

  @Test("Only what there is can be asked for, by paths that are no files")
  func paths() throws {
    let served = try Served(daemon: "/nowhere/events.sock")
    for path in ["/", "/page.css", "/live.js", "/history.js", "/texts.js", "/login", "/login.js", "/icon.svg"] {
      #expect(try served.ask("GET \(path)").hasPrefix("HTTP/1.1 200"), "\(path)")
    }
    for path in ["/../../etc/passwd", "/%2e%2e/etc/passwd", "/etc/passwd", "//etc/passwd", "/page.css/", "/index.html"]
    {
      #expect(try served.ask("GET \(path)").hasPrefix("HTTP/1.1 404"), "\(path)")
    }
    #expect(try served.ask("GET /history/range?from=2&to=1").hasPrefix("HTTP/1.1 400"))
    #expect(try served.ask("DELETE /").hasPrefix("HTTP/1.1 403") && served.ask("GET /mute").hasPrefix("HTTP/1.1 405"))
  }

  @Test("The page asks nobody else for anything, and has no code and no style within it")
  func selfContained() throws {
    let served = try Served(daemon: "/nowhere/events.sock")
    for path in ["/", "/page.css", "/live.js", "/history.js", "/texts.js", "/login", "/login.js"] {
      let text = try served.ask("GET \(path)").components(separatedBy: "\r\n\r\n").dropFirst().joined()
      #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("url("), "\(path)")
      #expect(!text.contains("onclick") && !text.contains("style=") && !text.contains("innerHTML"), "\(path)")
    }
  }

  @Test("SIGTERM ends it, and its socket's file goes")
  func end() throws {
    let served = try Served(daemon: "/nowhere/events.sock")
    served.program.signal(SIGTERM)
    #expect(served.program.wait() == 0 && !FileManager.default.fileExists(atPath: served.page))
  }

  @Test(
    "A configuration that is wrong ends it with status 78",
    arguments: [
      ("[page]\nlisten = localhost:80\n", "is not an address and a port"),
      ("[page]\nlistn = x\n", "did you mean 'listen'?"),
      ("[pages]\nlisten = /a\n", "there is no section [pages]"),
      ("[history]\nhistory = maybe\n", "is not yes or no"),
    ])
  func configuration(text: String, complaint: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write("web.conf", Array(text.utf8))
    let outcome = try Program("serd-web").run(["--config", file])
    #expect(outcome.status == 78 && outcome.messages.contains(complaint), "\(outcome)")
    #expect(outcome.messages.hasPrefix("serd-web: \(file):2: "))
  }
}
