import Glibc

/// Writes metrics where Prometheus' node exporter looks for them: to a file beside the target, which then takes its place, so that a
/// reader never sees half of it.
package struct MetricsFile {
  /// The target.
  package let path: String
  private var hasFailed = false

  /// - Parameter path: the target; its folder must exist and be writable.
  package init(path: String) { self.path = path }

  /// Writes the text; says why not when that begins, and nothing while it lasts.
  package mutating func write(_ text: String) -> String? {
    let problem = replace(text)
    defer { hasFailed = problem != nil }
    guard let problem, !hasFailed else { return nil }
    return "the metrics file \(path) cannot be written: \(problem); trying again with every write"
  }

  /// Removes the file: numbers of a daemon that no longer runs would be wrong.
  package func remove() { unlink(path) }

  private func replace(_ text: String) -> String? {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let code = errno
    close(descriptor)
    if rest.isEmpty, rename(temporary, path) == 0 { return nil }
    let problem = String(cString: strerror(rest.isEmpty ? errno : code))
    unlink(temporary)
    return problem
  }
}
