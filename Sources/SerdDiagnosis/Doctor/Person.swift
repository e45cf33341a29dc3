import Glibc
import SerdSystem

/// Who runs this program, and which groups count for him.
enum Person {
  /// The name of a file's group; nil if there is no such file.
  static func group(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return getgrgid(status.st_gid).map { String(cString: $0.pointee.gr_name) } ?? "\(status.st_gid)"
  }

  /// How to let him use what belongs to a group. Who is a member already has a login from before that.
  static func join(_ group: String) -> String {
    if isMember(of: group) { return "log out and in again: your membership in \(group) counts from the next login on" }
    return "sudo adduser \(Account.name) \(group), then log out and in again"
  }

  private static func isMember(of group: String) -> Bool {
    guard let entry = getgrnam(group), var member = entry.pointee.gr_mem else { return false }
    while let next = member.pointee {
      if String(cString: next) == Account.name { return true }
      member += 1
    }
    return false
  }
}
