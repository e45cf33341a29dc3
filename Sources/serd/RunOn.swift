import ArgumentParser
import Glibc
import SerdClient
import SerdConsole
import SerdProtocol
import SerdSystem

/// `serd run-on`: a command for every emotion of a kind.
struct RunOn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-on",
    abstract: "Run a command whenever an emotion begins.",
    discussion: """
      For example: serd run-on anger,fear -- logger "somebody sounds upset"

      The command gets the event on standard input, one line of JSON, and in the environment SERD_LABEL, SERD_CONFIDENCE, SERD_ID, \
      SERD_PHASE, SERD_START, SERD_END and SERD_LEVEL_DBFS. It is run directly, without a shell. One runs at a time; up to \(Hook.longestQueue) \
      events wait for it, further ones are skipped with a message. Goes on, across restarts of the daemon, until it is ended.
      """)

  @OptionGroup var socket: SocketOption

  @Option(
    name: .long,
    help: ArgumentHelp("Run it when the emotion begins or when it ends: begin or end.", valueName: "phase"))
  var on = EmotionEvent.Phase.begin

  @Argument(help: ArgumentHelp("Emotions, with commas or spaces between them.", valueName: "label,…"))
  var labels: String

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String] = []

  private var wanted: [String] { WordList.words(labels) }

  func validate() throws {
    guard let name = command.first else {
      throw ValidationError("name the command after --, as in: serd run-on \(labels) -- COMMAND")
    }
    guard Hook.exists(name) else { throw ValidationError("there is no program \(name) to run.") }
    if wanted.isEmpty { throw ValidationError("name at least one emotion.") }
  }

  func run() throws {
    try reporting(readerMayLeave: true) {
      let signals = SignalQueue([SIGINT, SIGTERM, SIGCHLD])
      let follower = try EventFollower(path: socket.path)
      var hook = Hook(command: command)
      while true {
        for reading in follower.next(milliseconds: -1, watching: [signals.descriptor]) {
          switch reading {
          case .line(let line): try handle(line, &hook)
          case .disconnected(let reason): Output.warn("\(reason); waiting for it")
          case .connected: Output.warn("the daemon is there again")
          case .ready:
            if signals.take().contains(where: { $0 != SIGCHLD }) { return }
            hook.reap().forEach(Output.warn)
          }
        }
      }
    }
  }

  private func handle(_ line: ReceivedLine, _ hook: inout Hook) throws {
    switch line.message {
    case .hello(let hello):
      guard let unknown = wanted.first(where: { !hello.labels.contains($0) }) else { return }
      let known = hello.labels.joined(separator: ", ")
      throw CommandError(
        .usage, "the daemon's model knows no '\(unknown)'\(NearestName.suggestion(for: unknown, in: hello.labels))",
        advice: "it knows \(known)")
    case .event(.emotion(let emotion)):
      guard emotion.phase == on, wanted.contains(emotion.label) else { return }
      switch hook.run(emotion, line: line.text) {
      case .started, .waiting: return
      case .skipped:
        Output.warn("\(command[0]) still runs and \(Hook.longestQueue) events wait: \(emotion.id) is skipped")
      case .failed(let words): Output.warn("cannot run \(command[0]): \(words)")
      }
    case .lagged(let lagged): Output.warn("\(lagged.dropped) lines of the daemon were missed")
    case .refusal(let refusal): Output.warn("the daemon says: \(refusal.message)")
    default: return
    }
  }
}

extension EmotionEvent.Phase: ExpressibleByArgument {}
