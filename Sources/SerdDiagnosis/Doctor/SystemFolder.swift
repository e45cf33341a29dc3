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

/// Who runs this program, and which groups count for him.
enum Person {
  /// His login name; his number if he has none.
  static var name: String { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())" }

  /// The name of a file's group; nil if there is no such file.
  static func group(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return getgrgid(status.st_gid).map { String(cString: $0.pointee.gr_name) } ?? "\(status.st_gid)"
  }

  /// How to let him use what belongs to a group. Who is a member already has a login from before that.
  static func join(_ group: String) -> String {
    if isMember(of: group) { return "log out and in again: your membership in \(group) counts from the next login on" }
    return "sudo adduser \(name) \(group), then log out and in again"
  }

  private static func isMember(of group: String) -> Bool {
    guard let entry = getgrnam(group), var member = entry.pointee.gr_mem else { return false }
    while let next = member.pointee {
      if String(cString: next) == name { return true }
      member += 1
    }
    return false
  }
}
