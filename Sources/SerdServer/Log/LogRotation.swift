/// How much of an event log is kept: the present file and older ones.
package struct LogRotation: Equatable, Sendable {
  /// Bytes after which another file is begun.
  package var largestSize = 1 << 20
  /// How many files are kept besides the present one; 0 begins the only one anew.
  package var keptFiles = 4

  /// The defaults.
  package init() {}
}
