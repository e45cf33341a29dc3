import Foundation
import SerdEncoder
import SerdFeatures
import SerdTestKit
import Testing

/// `serd enrol`, and that what is known of a speaker outlasts the daemon.
@Suite struct EnrolTests {
  /// A daemon at a microphone into which somebody speaks without end, eight times as fast as anybody.
  private struct Listening {
    let microphone: FaultyMicrophone
    let folder: ScratchFolder
    var state: String { folder.path + "/state" }

    init() throws {
      microphone = try FaultyMicrophone(sound: try DaemonTests.Speech().raw, speed: 8, loops: true)
      folder = try ScratchFolder()
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
      try folder.write("follows.safetensors", EncoderModel.random(following: SpeakerFollowing()).serialised())
      try folder.write(
        "other.safetensors", EncoderModel.random(following: SpeakerFollowing(), seed: 2).serialised())
    }

    func start(model: String = "follows.safetensors") throws -> RunningDaemon {
      let daemon = try RunningDaemon(
        ["--device", microphone.device, "--model", "\(folder.path)/\(model)"],
        environment: FaultyMicrophone.environment.merging(["STATE_DIRECTORY": state]) { $1 }, folder: folder)
      try daemon.notification(with: "READY=1")
      return daemon
    }
  }

  private func serd(_ arguments: String..., at daemon: RunningDaemon) throws -> Program.Outcome {
    try Program("serd").run(arguments + ["--socket", daemon.socket])
  }

  /// Seconds of speech that the speaker is known by.
  private func known(_ daemon: RunningDaemon) throws -> Double {
    let line = try serd("status", "--json", at: daemon).output
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let numbers = (object?["data"] as? [String: Any])?["daemon"] as? [String: Any]
    return try #require(numbers?["speaker"] as? Double)
  }

  @Test("A voice is enrolled, followed over a restart, and forgotten")
  func enrol() throws {
    let place = try Listening()
    let first = try place.start()
    let outcome = try serd("enrol", "--seconds", "12", at: first)
    #expect(outcome.status == 0 && outcome.output == "serd follows this voice now\n")
    #expect(try known(first) >= 12)
    #expect(try serd("status", at: first).output.contains("of speech; serd enrol begins anew"))
    first.signal(SIGTERM)
    #expect(first.exitStatus() == 0)
    let file = place.state + "/speaker"
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)

    let second = try place.start()
    #expect(second.messages.contains("follows the speaker of before; 'serd enrol --forget' ends it"))
    #expect(try known(second) >= 12)
    #expect(try serd("enrol", "--forget", at: second).status == 0)
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(second.messages.contains("forgot the speaker"))
  }

  @Test("Another model, and a file that is damaged, begin anew")
  func anew() throws {
    let place = try Listening()
    let first = try place.start()
    _ = try serd("enrol", "--seconds", "2", at: first)
    first.signal(SIGTERM)
    _ = first.exitStatus()
    let second = try place.start(model: "other.safetensors")
    #expect(!second.messages.contains("of before"))
    second.signal(SIGKILL)
    _ = second.exitStatus()
    try Data("{\"model\":".utf8).write(to: URL(fileURLWithPath: place.state + "/speaker"))
    #expect(try !place.start().messages.contains("of before"))
  }

  @Test("A model that follows nobody says so")
  func nobody() throws {
    let microphone = try FaultyMicrophone(sound: try DaemonTests.Speech().raw, speed: 8, loops: true)
    let daemon = try RunningDaemon(
      ["--device", microphone.device, "--model", OnceTests.root + "/models/emodb.safetensors"],
      environment: FaultyMicrophone.environment)
    try daemon.notification(with: "READY=1")
    let outcome = try serd("enrol", at: daemon)
    #expect(outcome.status == 69)
    #expect(outcome.messages.contains("the model of this daemon follows nobody; name one that does in serd.conf"))
  }
}
