import Glibc

/// A system call's error number. This is the program's only wrapper of errno: what a call of the system may do is
/// decided here.
package struct Errno: Error, Equatable {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// What the call before this one left in errno.
  package static var latest: Errno { Errno(code: errno) }

  /// The system's words for it, as "Permission denied".
  package var words: String { String(cString: strerror(code)) }

  /// More than was to be read.
  package var isTooLarge: Bool { code == EFBIG }

  /// Not an error of a descriptor that does not block: there is nothing to do at present.
  package var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }
}

/// Runs a system call that says -1 for failure, again while a signal interrupts it.
@discardableResult
package func retrying<Result: FixedWidthInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno != EINTR { throw Errno.latest }
  }
}
