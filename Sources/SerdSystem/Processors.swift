import CLinux
import Glibc

/// The machine's processors.
package enum Processors {
  /// How many of them this process may use: taskset(1) and containers may leave it fewer than there are.
  package static var usable: Int {
    var set = [UInt64](repeating: 0, count: 16)
    guard sched_getaffinity(0, 8 * set.count, &set) == 0 else {
      return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
    return max(1, set.reduce(0) { $0 + $1.nonzeroBitCount })
  }
}
