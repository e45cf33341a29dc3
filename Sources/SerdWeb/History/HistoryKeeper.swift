import Glibc
import SerdProtocol
import SerdSystem

/// Keeps a history as long as there is a place for it. What goes wrong (a full disk, a damaged file) is a state with
/// words for people; it is tried again, and the time until then is not recorded.
package struct HistoryKeeper {
  /// How often open pieces of time are written, in nanoseconds: so much is missing after a kill at most.
  package static let interval: Int64 = 10_000_000_000
  private static let tidying: Int64 = 3_600_000_000_000

  private enum State {
    case open(HistoryStore, HistoryRecorder)
    case closed
  }

  /// Why nothing is recorded; nil if all is well.
  package private(set) var problem: String?
  private var state = State.closed
  private let settings: WebSettings
  private var tickAt = Int64.min
  private var tidyAt = Int64.min

  /// Nothing is opened before the first tick.
  package init(settings: WebSettings) { self.settings = settings }

  /// To read from; nil if it cannot be opened.
  package var store: HistoryStore? {
    if case .open(let store, _) = state { return store }
    return nil
  }

  /// When `tick` is due.
  package var deadline: Int64 { tickAt }

  /// Takes a line of the daemon.
  package mutating func take(_ line: ReceivedLine, now: HistoryRecorder.Moment) {
    attempt { recorder throws(HistoryError) in try recorder.take(line.message, at: now) }
  }

  /// The connection is gone.
  package mutating func disconnect(now: HistoryRecorder.Moment) {
    attempt { recorder throws(HistoryError) in try recorder.disconnect(at: now) }
  }

  /// Writes that all goes on, and forgets what is too old. A file that could not be opened is tried again.
  package mutating func tick(now: HistoryRecorder.Moment) {
    guard now.monotonic >= tickAt else { return }
    tickAt = now.monotonic + Self.interval
    if case .closed = state { open() }
    attempt { recorder throws(HistoryError) in try recorder.tick(at: now) }
    guard now.monotonic >= tidyAt, let store else { return }
    tidyAt = now.monotonic + Self.tidying
    let settings = settings
    attempt { _ throws(HistoryError) in
      try store.tidy(now: now.utc, days: settings.historyDays, largestSize: settings.historySize)
    }
  }

  /// Forgets a time.
  package mutating func delete(from: Int64, to: Int64, now: HistoryRecorder.Moment) -> Bool {
    attempt { recorder throws(HistoryError) in try recorder.delete(from: from, to: to, at: now) }
    return problem == nil && store != nil
  }

  private mutating func open() {
    do throws(HistoryError) {
      let path = settings.historyPath
      if let slash = path.lastIndex(of: "/"), slash > path.startIndex { mkdir(String(path[..<slash]), 0o700) }
      let store = try HistoryStore(path: path)
      state = .open(store, HistoryRecorder(store: store))
      problem = nil
    } catch {
      problem = error.description
    }
  }

  private mutating func attempt(_ body: (inout HistoryRecorder) throws(HistoryError) -> Void) {
    guard case .open(let store, var recorder) = state else { return }
    state = .closed
    do throws(HistoryError) {
      try body(&recorder)
      problem = nil
    } catch {
      problem = error.description
    }
    state = .open(store, recorder)
  }
}
