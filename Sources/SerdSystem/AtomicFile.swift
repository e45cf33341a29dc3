import Glibc

/// A file that is replaced as a whole: a reader sees the old content or the new, never half of it.
package enum AtomicFile {
  /// Writes to a file beside `path`, which then takes its place. After an error the old one is untouched and nothing is left over.
  ///
  /// - Parameter mode: of the new file, before the umask.
  package static func write(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t = 0o644) throws(Errno) {
    let temporary = "\(path).\(getpid()).tmp"
    do throws(Errno) {
      let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
      let file = FileDescriptor(owning: try retrying { open(temporary, flags, mode) })
      try writeAll(bytes, to: file.number)
      try retrying { rename(temporary, path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
