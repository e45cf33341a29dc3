import Glibc
import SerdProtocol
import SerdSystem

/// Follows a daemon across its restarts: connects, hands out lines, connects again. For programs with one thread, which
/// wait here for everything else, too.
public final class EventFollower {
  private enum State {
    case connected(EventClient)
    /// Tries again at this time, nanoseconds of CLOCK_MONOTONIC.
    case waiting(until: Int64, reason: String)
  }

  /// What `next` came back with.
  public enum Reading {
    /// A connection is there, again; the daemon's `hello` follows.
    case connected
    /// A line of the daemon.
    case line(ReceivedLine)
    /// The connection is gone, or there is none yet; it is tried again by itself.
    case disconnected(reason: String)
    /// A watched descriptor is readable, or has hung up.
    case ready(Int32)
  }

  /// How often a connection is tried.
  private static let pause: Int64 = 500_000_000

  private let path: String
  private let subscription: ClientCommand?
  private var state: State

  /// Connects at once; from then on a missing daemon is no error.
  ///
  /// - Parameter windows: whether to ask for window lines, on each connection.
  public init(path: String, windows: Bool = false) throws(EventClientError) {
    self.path = path
    subscription = windows ? .subscribe(windows: true) : nil
    let client = try EventClient(path: path)
    state = .connected(client)
    if let subscription { try client.send(subscription) }
  }

  /// The same for a program that starts before its daemon: a missing one is no error at all.
  package init(patientlyAt path: String) {
    self.path = path
    subscription = nil
    state = .waiting(until: MonotonicClock.now, reason: "")
  }

  /// Sends a command if there is a connection.
  public func send(_ command: ClientCommand) {
    // A connection that takes nothing is found to be gone when it is read.
    if case .connected(let client) = state { try? client.send(command) }
  }

  /// Waits for what comes next: lines, a change of the connection, one of the `watched` descriptors (readable, or hung
  /// up; standard output counts only as hung up), or the end of `milliseconds`; -1 is for ever.
  public func next(milliseconds: Int32, watching watched: [Int32] = []) -> [Reading] {
    var set = watched.map { pollfd(fd: $0, events: $0 == STDOUT_FILENO ? 0 : Int16(POLLIN), revents: 0) }
    let readings = next(milliseconds: milliseconds, polling: &set)
    return zip(watched, set).filter { $1.revents != 0 }.map { Reading.ready($0.0) } + readings
  }

  /// The same for a program that waits for more than reading: the answers of poll(2) are in `set` afterwards.
  package func next(milliseconds: Int32, polling set: inout [pollfd]) -> [Reading] {
    let watched = set.count
    var patience = milliseconds
    switch state {
    case .connected(let client): set.append(pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0))
    case .waiting(let until, _):
      let rest = Int32(clamping: max(0, until - MonotonicClock.now) / 1_000_000 + 1)
      patience = patience < 0 ? rest : min(patience, rest)
    }
    Descriptors.wait(&set, milliseconds: patience)
    defer { set.removeSubrange(watched...) }
    switch state {
    case .connected(let client): return set[watched].revents != 0 ? receive(from: client) : []
    case .waiting(let until, let reason):
      return MonotonicClock.now >= until ? reconnect(reason).map { [$0] } ?? [] : []
    }
  }

  private func receive(from client: EventClient) -> [Reading] {
    do throws(EventClientError) {
      return try client.receive().map { .line($0) }
    } catch {
      wait(error.description)
      return [.disconnected(reason: error.description)]
    }
  }

  /// Says only what is new.
  private func reconnect(_ lastReason: String) -> Reading? {
    do throws(EventClientError) {
      let client = try EventClient(path: path)
      if let subscription { try client.send(subscription) }
      state = .connected(client)
      return .connected
    } catch {
      wait(error.description)
      return error.description == lastReason ? nil : .disconnected(reason: error.description)
    }
  }

  private func wait(_ reason: String) {
    state = .waiting(until: MonotonicClock.now + Self.pause, reason: reason)
  }
}
