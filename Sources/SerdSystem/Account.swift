import Glibc

/// Whom this program runs as.
package enum Account {
  /// The login name; the number if there is none.
  package static var name: String { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())" }

  /// Whether systemd made it for this service alone (`DynamicUser=`): no group has such an account as a member. Their
  /// numbers are in this range.
  package static var isDynamic: Bool { (61_184...65_519).contains(geteuid()) }
}
