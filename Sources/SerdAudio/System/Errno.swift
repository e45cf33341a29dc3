import Glibc

/// A system call's error number.
package struct Errno: Error, Equatable {
  package let code: Int32

  /// The system's words for it, as "Permission denied".
  var words: String { String(cString: strerror(code)) }
}

/// Runs a system call that says -1 for failure, again while a signal interrupts it: the target's policy for errno.
func retrying(_ call: () -> Int) throws(Errno) -> Int {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno != EINTR { throw Errno(code: errno) }
  }
}
