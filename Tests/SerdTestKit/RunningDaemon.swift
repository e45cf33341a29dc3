import Foundation

/// A real `serd` in a process of its own, with a temporary socket, told apart from a service only by its
/// `NOTIFY_SOCKET`, at which the test listens.
///
/// Tests await what it says: notifications, lines at the socket, its end. Killed when the object is released.
package final class RunningDaemon {
  /// It said nothing, or did not end, for 30 seconds.
  package struct Silence: Error {}

  /// Path of the event socket.
  package let socket: String
  /// Folder for whatever the test wants beside it.
  package let folder: ScratchFolder
  private let process: Process
  private let notifications: Int32
  private let messagesPath: String

  /// Starts `serd` with these arguments and a socket of its own; nothing is awaited.
  package init(
    _ arguments: [String], environment: [String: String] = [:], folder: ScratchFolder? = nil,
    watchdogSeconds: Double? = nil
  ) throws {
    let folder = try folder ?? ScratchFolder()
    self.folder = folder
    socket = "\(folder.path)/events.sock"
    let number = UUID().uuidString.prefix(8)
    let notifyPath = "\(folder.path)/notify-\(number)"
    notifications = try Self.datagramSocket(at: notifyPath)
    messagesPath = try folder.write("messages-\(number)", [])
    process = Process()
    process.executableURL = URL(fileURLWithPath: Program("serd").path)
    process.arguments = arguments + ["--socket", socket]
    var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    variables["NOTIFY_SOCKET"] = notifyPath
    variables["WATCHDOG_USEC"] = watchdogSeconds.map { String(Int($0 * 1e6)) }
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messagesPath))
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(notifications)
  }

  /// Of the process.
  package var identifier: Int32 { process.processIdentifier }

  /// What it wrote to stderr so far.
  package var messages: String { (try? String(contentsOfFile: messagesPath, encoding: .utf8)) ?? "" }

  /// Waits for a notification that contains `text`, and returns it; earlier ones are dropped.
  @discardableResult
  package func notification(with text: String) throws -> String {
    while true {
      let next = try notification()
      if next.contains(text) { return next }
    }
  }

  /// The next notification.
  package func notification() throws -> String {
    var set = [pollfd(fd: notifications, events: Int16(POLLIN), revents: 0)]
    guard poll(&set, 1, 30_000) > 0 else { throw Silence() }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(notifications, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  /// Sends a signal.
  package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for its end and returns its exit status (or the signal that ended it).
  package func exitStatus() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func datagramSocket(at path: String) throws -> Int32 {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    if result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return descriptor
  }
}
