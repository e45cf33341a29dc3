import CSystemd
import Glibc
import SerdClient
import SerdConsole
import SerdProtocol
import SerdSystem

/// The program's work: one loop on one thread that reads the daemon's lines, passes them on to viewers, answers
/// requests and keeps the history. To the daemon it is a client like any other.
package final class WebService {
  /// How often viewers hear something, and the daemon is asked how many listen along; in nanoseconds.
  private static let heartbeat: Int64 = 15_000_000_000

  private let settings: WebSettings
  private let follower: EventFollower
  private var server: HTTPServer
  private var gatekeeper: Gatekeeper
  private var feed = LiveFeed()
  private var history: HistoryKeeper?
  private var beatAt = Int64.min
  /// Whether the daemon was asked for windows, on this connection.
  private var hasWindows = false

  /// Listens from now on.
  package init(settings: WebSettings) throws(WebError) {
    self.settings = settings
    let token = settings.needsToken ? try Token.readOrMake(at: settings.tokenPath) : nil
    var doors: [ListeningSocket] = []
    for address in settings.addresses { doors.append(try ListeningSocket(address, mode: settings.socketMode)) }
    server = HTTPServer(at: doors)
    gatekeeper = Gatekeeper(hosts: settings.hosts, token: token, asksEverybody: settings.asksEverybody)
    follower = EventFollower(
      patientlyAt: EventSocketPath.forClient(settings.socket.isEmpty ? nil : settings.socket))
    if settings.keepsHistory { history = HistoryKeeper(settings: settings) }
    feed.page.allowsMute = settings.allowsMute
    feed.page.hasToken = token != nil
    feed.page.keepsHistory = settings.keepsHistory
  }

  /// Until SIGTERM or SIGINT.
  package func run(signals: SignalQueue) {
    sd_notify(0, "READY=1\nSTATUS=Serving the page")
    while true {
      let own = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
      var set = own + server.pollSet(now: MonotonicClock.now)
      let readings = follower.next(milliseconds: patience, polling: &set)
      for reading in readings { take(reading) }
      let now = MonotonicClock.now
      server.serve(set.dropFirst(), now: now) { request, door in answer(request, at: door, now: now) }
      keepUp(now: now)
      if set[0].revents != 0, !signals.take().isEmpty { break }
    }
    sd_notify(0, "STOPPING=1")
    history?.disconnect(now: .now)
    server.stop()
  }

  /// Milliseconds until something must be done.
  private var patience: Int32 {
    let next = min(server.deadline, beatAt, history?.deadline ?? .max)
    let now = MonotonicClock.now
    return Int32(clamping: (max(now, next) - now) / 1_000_000 + 1)
  }

  // MARK: the daemon

  private func take(_ reading: EventFollower.Reading) {
    switch reading {
    case .connected:
      feed.page.absence = nil
      hasWindows = false
      askForWindows()
      tellPage()
    case .disconnected(let reason):
      feed.disconnect(reason: reason)
      history?.disconnect(now: .now)
      tellPage()
    case .line(let line):
      let before = feed.page
      if let event = feed.take(line) { server.broadcast(event, now: MonotonicClock.now) }
      history?.take(line, now: .now)
      if feed.page != before { tellPage() }
    case .ready: break
    }
  }

  /// Windows cost: they are asked for while somebody looks.
  private func askForWindows() {
    let wants = server.viewers > 0
    guard feed.page.absence == nil, wants != hasWindows else { return }
    follower.send(.subscribe(windows: wants))
    if wants { follower.send(.status) }
    hasWindows = wants
  }

  // MARK: viewers

  private func tellPage() { server.broadcast(feed.pageEvent, now: MonotonicClock.now) }

  /// What is due by time, and what follows from who came and went.
  private func keepUp(now: Int64) {
    if let history { self.history = ticked(history) }
    let problem = history?.problem
    if feed.page.viewers != server.viewers || feed.page.historyProblem != problem {
      if let problem, problem != feed.page.historyProblem { Output.warn("nothing is recorded: \(problem)") }
      feed.page.viewers = server.viewers
      feed.page.historyProblem = problem
      tellPage()
    }
    askForWindows()
    guard now >= beatAt else { return }
    beatAt = now + Self.heartbeat
    sd_notify(0, "WATCHDOG=1")
    guard server.viewers > 0 else { return }
    server.broadcast(LiveFeed.heartbeat, now: now)
    if feed.page.absence == nil { follower.send(.status) }
  }

  private func ticked(_ history: HistoryKeeper) -> HistoryKeeper {
    var history = history
    history.tick(now: .now)
    return history
  }

  // MARK: requests

  private func answer(_ request: HTTPRequest, at door: Door, now: Int64) -> HTTPReply {
    if let refusal = gatekeeper.refusal(of: request, at: door) { return .response(refusal) }
    do throws(HTTPRefusal) {
      return try perform(try PageRoute.of(request), request, at: door, now: now)
    } catch {
      return .response(error.response)
    }
  }

  private func perform(
    _ route: PageRoute, _ request: HTTPRequest, at door: Door, now: Int64
  ) throws(HTTPRefusal) -> HTTPReply {
    switch route {
    case .file(let path): return .response(PageFiles.response(path) ?? HTTPResponse(.notFound))
    case .events: return .events(feed.beginning)
    case .health: return .response(HTTPResponse(json: healthLine))
    case .login: return .response(gatekeeper.login(request, at: door, now: now))
    case .logout: return .response(Gatekeeper.logout)
    case .mute(let wanted):
      guard settings.allowsMute else {
        throw HTTPRefusal(HTTPResponse(.forbidden, "allow-mute = yes in serd-web.conf would allow it"))
      }
      guard feed.page.absence == nil else { throw HTTPRefusal(HTTPResponse(.unavailable, "there is no daemon")) }
      follower.send(wanted ? .mute : .unmute)
      return .response(HTTPResponse(.noContent, type: nil, body: []))
    case .range(let from, let to):
      return .response(try read { answers throws(HistoryError) in try answers.range(from: from, to: to) })
    case .slots(let from, let to):
      return .response(try read { answers throws(HistoryError) in try answers.slots(from: from, to: to) })
    case .export(let format, let from, let to): return try export(format, from, to)
    case .delete(let from, let to):
      guard history?.delete(from: from, to: to, now: .now) == true else { throw unavailable }
      return .response(HTTPResponse(.noContent, type: nil, body: []))
    }
  }

  private func read(_ body: (HistoryAnswers) throws(HistoryError) -> String) throws(HTTPRefusal) -> HTTPResponse {
    guard let store = history?.store else { throw unavailable }
    do throws(HistoryError) { return HTTPResponse(json: try body(HistoryAnswers(store: store))) } catch {
      throw HTTPRefusal(HTTPResponse(.serverError, error.description))
    }
  }

  private func export(_ format: HistoryExport.Format, _ from: Int64, _ to: Int64) throws(HTTPRefusal) -> HTTPReply {
    guard let store = history?.store else { throw unavailable }
    var export = HistoryExport(store: store, format: format, from: from, to: to)
    let name = "attachment; filename=\"serd-history.\(format.rawValue)\""
    let head = HTTPResponse(.ok, headers: [("Content-Disposition", name)], type: format.type)
    return .pieces(head) { try export.next().map { Array($0.utf8) } }
  }

  private var unavailable: HTTPRefusal {
    let reason = history == nil ? "no history is kept; history = yes in serd-web.conf keeps one" : history?.problem
    return HTTPRefusal(HTTPResponse(.unavailable, reason))
  }

  private struct Health: Encodable {
    let program: String
    let daemon: Bool
    let history: String
  }

  /// For `serd doctor`: nothing of what is heard.
  private var healthLine: String {
    let kept = history == nil ? "off" : history?.problem == nil ? "recording" : "failing"
    return String(
      Health(program: WebVersion.text, daemon: feed.page.absence == nil, history: kept).jsonLine().dropLast())
  }
}
