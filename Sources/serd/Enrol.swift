import ArgumentParser
import Glibc
import SerdClient
import SerdConsole
import SerdProtocol

/// `serd enrol`: lets a model that follows its speaker begin with the person who is there.
struct Enrol: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a model that follows its speaker get to know a voice: a minute of ordinary talk.",
    discussion: """
      What the daemon knew of a speaker is forgotten first. It keeps sums, no sound; see the privacy page. Needs a model \
      that follows its speaker.
      """)

  @OptionGroup var socket: SocketOption

  @Flag(name: .long, help: "Only forget whom the model has followed.")
  var forget = false

  @Option(name: .long, help: ArgumentHelp("How much speech to wait for.", valueName: "seconds"))
  var seconds = 60.0

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds takes a number up to 3600.") }
  }

  func run() throws {
    try reporting(readerMayLeave: true) {
      let client = try EventClient(path: socket.path)
      _ = try heard(client)
      try client.send(.forget)
      if forget { return try wait(client, until: { $0 == 0 }) }
      Output.note("talk as you usually do, for \(Int(seconds)) s: about your day, or read something out")
      var told = 0.0
      try wait(client, forSeconds: .infinity) { heard in
        if heard >= told + 10, heard < seconds {
          told = heard
          Output.note("\(Int(heard)) s of speech heard")
        }
        return heard >= seconds
      }
      try Output.write("serd follows this voice now\n")
    }
  }

  /// Asks until the seconds of speech that the speaker is known by are enough.
  private func wait(
    _ client: EventClient, forSeconds patience: Double = 5, until isEnough: (Double) -> Bool
  ) throws {
    var waited = 0.0
    while try !isEnough(heard(client)) {
      guard waited < patience else {
        throw CommandError(.unavailable, "the daemon does not forget", advice: "restart it, and try again")
      }
      usleep(200_000)
      waited += 0.2
    }
  }

  /// Seconds of speech that the speaker is known by. - Throws: if the daemon's model follows nobody, or it hears
  /// nothing.
  private func heard(_ client: EventClient) throws -> Double {
    try client.send(.status)
    let report = try client.wait(milliseconds: SocketOption.patience) { message, _ -> StatusReport? in
      guard case .status(let report) = message else { return nil }
      return report
    }
    guard let seconds = report.daemon.speaker else {
      throw CommandError(
        .unavailable, "the model of this daemon follows nobody",
        advice: "name one that does in serd.conf, such as emotions-encoder")
    }
    if report.state?.activity == .muted {
      throw CommandError(.unavailable, "the daemon is muted", advice: "serd unmute")
    }
    return seconds
  }
}
