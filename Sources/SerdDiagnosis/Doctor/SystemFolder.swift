import Glibc
import SerdSystem

/// The machine's /dev, /proc and /sys, or folders that are laid out like them.
struct SystemFolder: Sendable {
  /// What stands before `/sys`: nothing, or a folder of a test's.
  let root: String

  /// A small file without white space around it; nil if it cannot be read.
  func text(_ path: String) -> String? {
    // Some of sysfs can be opened and gives an error when read.
    guard let bytes = try? readFile(root + path, largest: 1 << 16) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self)
    return String(words.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace || $0 == "\0" }.reversed())
  }

  /// The whole number in a file; nil if there is none.
  func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

  /// Paths, below the root, of what a folder holds whose name begins and ends so; sorted.
  func paths(in folder: String, prefix: String, suffix: String = "") -> [String] {
    names(inFolder: root + folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }
      .sorted()
  }

  /// Whether this user may read and write it, whatever that follows from: mode, owner, access list, root's rights.
  func mayUse(_ path: String) -> Bool { access(root + path, R_OK | W_OK) == 0 }
}
