import Glibc
import SerdClient
import SerdConsole
import SerdProtocol
import SerdSystem

/// A daemon that answered.
struct DaemonContact {
  let hello: Hello
  let report: StatusReport

  /// What it listens to.
  var device: String? { report.state?.device.name }
}

extension Doctor {
  /// The daemon, nil if none answers, and what is found about its socket and itself.
  func examineSocket(_ path: String) -> (DaemonContact?, [Finding]) {
    if let obstacle = obstacle(to: path) { return (nil, [obstacle, .skipped(.daemon, "no daemon answers")]) }
    do throws(EventClientError) {
      let client = try EventClient(path: path)
      // A server with no place left may have hung up already, and said why: that is the error.
      try client.send(.status)
      var hello: Hello?
      let contact = try client.wait(milliseconds: settings.patience) { message, _ -> DaemonContact? in
        if case .hello(let first) = message { hello = first }
        guard case .status(let report) = message, let hello else { return nil }
        return DaemonContact(hello: hello, report: report)
      }
      return (contact, [.ok(.socket, "a daemon answers at \(path)"), daemon(contact)])
    } catch {
      return (
        nil,
        [
          .problem(.socket, error.description, mend: "sudo systemctl restart serd, and see: journalctl -u serd -n 20"),
          .skipped(.daemon, "no daemon answers"),
        ]
      )
    }
  }

  /// Why no connection is possible; nil if one is.
  private func obstacle(to path: String) -> Finding? {
    guard UnixSocket.isUsable(path: path) else {
      return .problem(
        .socket, "a socket's path has 1 to \(UnixSocket.longestPath) bytes: \(path)",
        mend: "choose another: --socket PATH")
    }
    var status = stat()
    let isThere = lstat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFSOCK {
      return .problem(
        .socket, "\(path) is not a socket", mend: "move it away, then: sudo systemctl restart serd")
    }
    do throws(Errno) {
      let probe = try UnixSocket.make()
      defer { close(probe) }
      try UnixSocket.connect(probe, to: path)
      return nil
    } catch {
      switch error.code {
      case ENOENT:
        return .problem(
          .socket, "no daemon runs: there is no \(path)",
          mend: "sudo systemctl enable --now serd (or run: serd; or say where it is: --socket PATH)")
      case ECONNREFUSED:
        return .problem(
          .socket, "nobody serves \(path) any more: a daemon has left it behind",
          mend: "sudo systemctl restart serd (or run: serd); a daemon replaces it")
      case EACCES: return forbidden(path, isThere ? status : nil)
      // A queue of connections that is full: somebody listens, and does not answer.
      case EAGAIN: return nil
      default:
        return .problem(
          .socket, "cannot connect to \(path): \(error.words)", mend: "sudo systemctl restart serd")
      }
    }
  }

  private func forbidden(_ path: String, _ status: stat?) -> Finding {
    let detail = "\(Account.name) may not connect to \(path)"
    guard let status, status.st_gid != 0, status.st_mode & S_IWGRP != 0, let group = Person.group(of: path) else {
      return .problem(
        .socket, "\(detail): it is open to its owner only",
        mend:
          "give it to a group that may write: SocketGroup= and SocketMode=0660 in serd.socket, or socket-group and socket-mode in serd.conf"
      )
    }
    return .problem(.socket, "\(detail): it belongs to the group \(group)", mend: Person.join(group))
  }

  /// What the daemon says of itself, but for its microphone.
  private func daemon(_ contact: DaemonContact) -> Finding {
    let report = contact.report
    let numbers = report.daemon
    guard let state = report.state else {
      return .problem(.daemon, "it is starting, and has not said yet what it does", mend: "ask again: serd doctor")
    }
    let up = report.time.seconds - numbers.started.seconds
    // One xrun in a night is nothing; a share of the time is a machine that does not keep up.
    if numbers.overruns > 1, numbers.gap > 0.001 * up {
      return .problem(
        .daemon,
        "it is too slow, or was held up: \(numbers.overruns) overruns, \(TextTable.seconds(numbers.gap)) of sound are missing of \(TextTable.seconds(up))",
        mend: "see what else is busy: top; and what listening takes: serd bench")
    }
    let activity = state.activity == .muted ? "muted (to go on: serd unmute)" : state.activity.rawValue
    return .ok(.daemon, "\(contact.hello.program), up \(TextTable.seconds(up)), \(activity)")
  }
}
