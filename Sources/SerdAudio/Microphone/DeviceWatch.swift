import CLinux
import Glibc
import SerdSystem

/// Sleeps between two attempts to open a device: until the backoff is over, a device node appears or changes
/// (inotify(7), which needs no udev socket), or the source is stopped.
///
/// The backoff starts at 0.25 s, doubles with every attempt in vain, and starts anew when something was plugged in.
struct DeviceWatch {
  /// nil when the system's limits are reached: then the backoff alone finds the device.
  private let descriptor: FileDescriptor?
  private let folder: String
  private let longest: Duration
  private var next = DeviceWatch.shortest

  static let shortest = Duration.milliseconds(250)
  /// Events come in bursts: one per node of a card, then udev's change of group.
  private static let settling = Duration.milliseconds(20)

  /// - Parameters:
  ///   - folder: where device nodes appear; while it does not exist, its parent is watched.
  ///   - longest: cap of the backoff.
  init(folder: String, longest: Duration) {
    descriptor = (try? retrying { Int(serd_inotify()) }).map { FileDescriptor(owning: Int32($0)) }
    self.folder = folder
    self.longest = longest
    watch()
  }

  /// Forgets what happened so far: to be called before an attempt to open, so that what comes during it is not missed.
  func forget() {
    guard let descriptor else { return }
    watch()
    // Large enough for many events at once; what they say does not matter.
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while read(descriptor.number, buffer.baseAddress, buffer.count) > 0 {}
    }
  }

  /// Whether a node of a sound card appeared, or changed its group or mode, within the last second: more changes may
  /// follow.
  var isSettling: Bool {
    let now = WallClock.now
    return names(inFolder: folder).contains { name in
      var status = stat()
      guard name.hasPrefix("controlC") || name.hasPrefix("pcmC"), stat("\(folder)/\(name)", &status) == 0 else {
        return false
      }
      let changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
      return (0..<1_000_000_000).contains(now - changed)
    }
  }

  /// Starts the backoff anew, as after a success.
  mutating func reset() { next = DeviceWatch.shortest }

  /// Sleeps after an attempt in vain.
  mutating func sleep(orUntil stop: WakeUp) {
    let (hasChanged, isStopped) = Descriptors.awaitReadable(
      descriptor?.number ?? -1, stop.number, timeout: min(next, longest))
    if hasChanged, !isStopped {
      _ = Descriptors.awaitReadable(stop.number, timeout: DeviceWatch.settling)
      reset()
    } else {
      next = min(next * 2, longest)
    }
  }

  /// Watches the folder, or its parent for the folder to come. Again for the same folder it changes nothing.
  private func watch() {
    guard let descriptor else { return }
    let events = UInt32(IN_CREATE | IN_ATTRIB | IN_MOVED_TO)
    if inotify_add_watch(descriptor.number, folder, events) >= 0 { return }
    let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
    // Without either, the backoff alone finds the device.
    _ = inotify_add_watch(descriptor.number, "/" + parent, UInt32(IN_CREATE | IN_MOVED_TO))
  }
}
