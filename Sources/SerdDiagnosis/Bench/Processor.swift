import Glibc
import SerdSystem

/// The machine that a measurement was made on, as its kernel names it.
package struct Processor: Sendable {
  /// The board for a Raspberry Pi and its kin, else the processor; "unknown" if the kernel tells neither.
  package let name: String
  /// Cores that this process may use.
  package let cores: Int

  /// Asks the kernel.
  package init() {
    let board = Self.contents("/proc/device-tree/model").filter { $0 != "\0" }
    name = board.isEmpty ? Self.modelName(in: Self.contents("/proc/cpuinfo")) ?? "unknown" : board
    cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The first "model name" of a /proc/cpuinfo.
  package static func modelName(in text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[line.index(after: colon)...].drop { $0 == " " }
      if !name.isEmpty { return String(name) }
    }
    return nil
  }

  /// A file of the kernel's; empty if it cannot be read.
  private static func contents(_ path: String) -> String {
    String(decoding: (try? readFile(path, largest: 1 << 20)) ?? [], as: UTF8.self)
  }
}
