import Glibc

/// A file that is replaced as a whole: a reader sees the old content or the new, never half of it.
package enum AtomicFile {
  /// How the name of a file ends that is being written; a process that is killed leaves it.
  private static let suffix = ".part"

  /// Writes to a file beside `path`, which then takes its place. After an error the old one is untouched and nothing is
  /// left over. Of several writers, in any process or machine, the last one wins.
  ///
  /// - Parameter mode: of the new file, before the umask.
  package static func write(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t = 0o644) throws(Errno) {
    try write(to: path, mode: mode) { descriptor throws(Errno) in try writeAll(bytes, to: descriptor) }
  }

  /// The same for content that `body` writes to a descriptor.
  package static func write(
    to path: String, mode: mode_t = 0o644, _ body: (_ descriptor: Int32) throws(Errno) -> Void
  ) throws(Errno) {
    let temporary = "\(path).\(String(UInt32.random(in: 0...UInt32.max), radix: 16))\(suffix)"
    do throws(Errno) {
      let descriptor = try retrying { open(FileName.cString(temporary), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
      do throws(Errno) { try body(descriptor) } catch {
        _ = close(descriptor)
        throw error
      }
      // Some disks say only here that they are full.
      if close(descriptor) != 0 { throw Errno.latest }
      try retrying { rename(FileName.cString(temporary), FileName.cString(path)) }
    } catch {
      unlink(FileName.cString(temporary))
      throw error
    }
  }

  /// Removes what killed processes left half written in a folder. For whoever knows that nobody writes there now.
  package static func removeLeftovers(inFolder path: String) {
    for name in names(inFolder: path) where name.hasSuffix(suffix) { unlink("\(path)/\(name)") }
  }
}
