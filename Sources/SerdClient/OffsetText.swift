import SerdConsole
import SerdProtocol

/// What people are told of a microphone's constant offset. It is no fault, since serd takes it out; but other programs
/// may not.
package enum OffsetText {
  /// Below it costs no program anything.
  private static let least = 0.003

  /// One clause; nil while there is nothing to tell.
  ///
  /// - Parameter offset: as a share of full scale.
  package static func remark(_ offset: Double?) -> String? {
    guard let offset, abs(offset) >= least else { return nil }
    return "the converter adds a constant offset of \(abs(offset).percent) % of full scale; serd takes it out"
  }
}
