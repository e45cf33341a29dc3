/// The program's version, as `serd-web --version` prints it. The same as serd's; a test compares them.
package enum WebVersion {
  /// Of the program.
  package static let number = "0.1.0"
  /// Name and version.
  package static let text = "serd-web \(number)"
}
