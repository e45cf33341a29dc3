import Glibc
import SerdProtocol
import SerdSystem

/// Runs a command for events, one after the other: while one runs, a few events wait, and further ones are skipped. No
/// shell is involved. For one thread, which calls `reap` after SIGCHLD.
public struct Hook {
  /// What happened to an event.
  public enum Outcome: Equatable, Sendable {
    /// The command runs.
    case started
    /// It waits for the command that runs.
    case waiting
    /// Too many wait already.
    case skipped
    /// The command cannot be run: the system's words.
    case failed(String)
  }

  /// How many events wait at most.
  public static let longestQueue = 8

  private enum State {
    case idle
    case running(pid_t)
  }

  private struct Job {
    let event: EmotionEvent
    let line: String
  }

  private let command: [String]
  private let environment: [String]
  private var state = State.idle
  private var queue: [Job] = []

  /// Runs `command`, which is found as a shell would find it.
  public init(command: [String]) {
    precondition(!command.isEmpty, "a hook without a command")
    self.command = command
    environment = Self.ownEnvironment()
  }

  /// Whether a command runs.
  public var isRunning: Bool {
    if case .running = state { return true }
    return false
  }

  /// Runs the command for an event, now or later. `line` is what it gets on its standard input, as the daemon sent it.
  public mutating func run(_ event: EmotionEvent, line: String) -> Outcome {
    let job = Job(event: event, line: line)
    guard case .idle = state else {
      guard queue.count < Self.longestQueue else { return .skipped }
      queue.append(job)
      return .waiting
    }
    return start(job)
  }

  /// Takes note of commands that have ended, and starts the next. Returns what went wrong, a line each.
  public mutating func reap() -> [String] {
    var complaints: [String] = []
    while case .running(let process) = state {
      var status: Int32 = 0
      guard waitpid(process, &status, WNOHANG) == process else { break }
      state = .idle
      if status != 0 { complaints.append(Self.explanation(status, command[0])) }
      if !queue.isEmpty, case .failed(let words) = start(queue.removeFirst()) {
        complaints.append("cannot run \(command[0]): \(words)")
      }
    }
    return complaints
  }

  /// Whether a command of this name can be found and run.
  public static func exists(_ name: String) -> Bool {
    if name.contains("/") { return access(name, X_OK) == 0 }
    let path = Environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private static func explanation(_ status: Int32, _ name: String) -> String {
    let signal = status & 0x7F
    return signal != 0 ? "\(name) was ended by signal \(signal)" : "\(name) ended with status \(status >> 8 & 0xFF)"
  }

  private mutating func start(_ job: Job) -> Outcome {
    do throws(Errno) {
      state = .running(try spawn(job))
      return .started
    } catch {
      return .failed(error.words)
    }
  }

  private func spawn(_ job: Job) throws(Errno) -> pid_t {
    var ends: [Int32] = [-1, -1]
    try retrying { pipe(&ends) }
    defer { for end in ends { close(end) } }
    for end in ends { try Descriptors.prepare(end) }
    // The child's end blocks, as programs expect of their input.
    try retrying { fcntl(ends[0], F_SETFL, 0) }
    // A line is far shorter than what a pipe holds, so this does not wait for the command.
    let bytes = Array((job.line + "\n").utf8)
    try retrying { write(ends[1], bytes, bytes.count) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The command is not to inherit that this program ignores SIGPIPE, nor any signal that is blocked.
    var (defaults, blocked) = (sigset_t(), sigset_t())
    sigaddset(&defaults, SIGPIPE)
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let code = Self.withPointers(command) { arguments in
      Self.withPointers(environment + Self.variables(job.event)) { variables in
        posix_spawnp(&process, arguments[0]!, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else { throw Errno(code: code) }
    return process
  }

  private static func variables(_ event: EmotionEvent) -> [String] {
    [
      "SERD_PHASE=\(event.phase.rawValue)", "SERD_LABEL=\(event.label)", "SERD_CONFIDENCE=\(event.confidence)",
      "SERD_ID=\(event.id)", "SERD_START=\(event.start.utc)", "SERD_END=\(event.end?.utc ?? "")",
      "SERD_LEVEL_DBFS=\(event.level)",
    ]
  }

  private static func withPointers<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }

  /// As this program was started with; SERD_ variables are the event's.
  private static func ownEnvironment() -> [String] {
    let own = ["SERD_PHASE", "SERD_LABEL", "SERD_CONFIDENCE", "SERD_ID", "SERD_START", "SERD_END", "SERD_LEVEL_DBFS"]
    return Environment.variables.filter { !own.contains($0.key) }.map { "\($0.key)=\($0.value)" }
  }
}
