import COpenBLAS
import Foundation
import SerdSystem

/// Makes OpenBLAS use the processor's real kernels.
///
/// OpenBLAS chooses its kernels by processor model when the library is loaded, and a model that it does not know (as
/// OpenBLAS 0.3.21 does not know the Xeons and Ryzens of 2023 and later) gets kernels of 2004, four times too slow. The
/// environment variable `OPENBLAS_CORETYPE` overrides the choice, but only if it is set before the library loads.
///
/// Not a dispatcher of our own: it only names a kernel family that the processor's flags allow.
package enum OpenBLASCore {
  /// Restarts the program with `OPENBLAS_CORETYPE` set, once, if it is not set and a better choice is known.
  ///
  /// Call it first thing in `main`, before any output: the program starts again from the beginning with the same
  /// arguments. Returns without doing anything on arm64, off Linux, where the flags cannot be read, or if the restart
  /// fails; then training is slow, not wrong. Cost: one read of /proc/cpuinfo, and about 10 ms if it restarts.
  package static func chooseBeforeLoad() {
    #if os(Linux) && arch(x86_64)
      guard Environment["OPENBLAS_CORETYPE"] == nil,
        let processors = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
        let core = core(forProcessors: processors)
      else { return }
      setenv("OPENBLAS_CORETYPE", core, 1)
      var arguments = CommandLine.arguments.map { strdup($0) }
      arguments.append(nil)
      // Returns only if it fails; the strings then leak, once.
      execv("/proc/self/exe", &arguments)
    #endif
  }

  /// The kernel family for the `flags` line of a /proc/cpuinfo, or nil to leave the choice to OpenBLAS.
  package static func core(forProcessors cpuinfo: String) -> String? {
    guard let line = cpuinfo.split(separator: "\n").first(where: { $0.hasPrefix("flags") }) else { return nil }
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ":" }))
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) { return "SkylakeX" }
    if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
    return nil
  }

  /// Name of the kernels in use, for reports.
  package static var current: String { String(cString: openblas_get_corename()) }

  /// Keeps OpenBLAS on the calling thread: the trainer makes its own threads. Done once; cheap to call again.
  package static func useCallingThreadOnly() { _ = singleThreaded }

  private static let singleThreaded: Void = openblas_set_num_threads(1)
}
