import SerdConsole
import SerdProtocol

/// What `serd doctor` found out about one thing: the verdict, in one line why, and how to mend it.
package struct Finding: Codable, Equatable, Sendable {
  /// The things that are looked at, in the order of the report.
  package enum Check: String, CaseIterable, Codable, Sendable {
    /// Whether the configuration can be read, and names labels of the model.
    case configuration
    /// Whether the model file is there and sound.
    case model
    /// Undervoltage and throttling, as the firmware of a Raspberry Pi reports them.
    case power
    /// Whether the processor is held back: a low frequency limit, heat.
    case processor
    /// Whether a daemon is there, and this user may talk to it.
    case socket
    /// What the daemon says of itself.
    case daemon
    /// Whether this user may open the sound cards.
    case permission
    /// Whether the microphone can be opened.
    case microphone
    /// Whether the microphone has a format that is read.
    case format
    /// Whether it delivers sound, and not too loud.
    case signal
    /// Whether `serd-web`, if it is installed, serves its page.
    case page
  }

  /// Whether something must be done.
  package enum Verdict: String, Codable, Sendable {
    /// All is well.
    case ok
    /// It must be mended.
    case problem
    /// It was not looked at.
    case skipped
  }

  /// What was looked at.
  package let check: Check
  /// Whether something must be done.
  package let verdict: Verdict
  /// In one line: what was found, what is wrong, or why it was not looked at.
  package let detail: String
  /// A command, or what to do; null but for a problem.
  @Nullable package private(set) var remedy: String?

  private init(_ check: Check, _ verdict: Verdict, _ detail: String, remedy: String? = nil) {
    self.check = check
    self.verdict = verdict
    // Names of files and devices come from outside.
    self.detail = TextTable.harmless(detail)
    self.remedy = remedy.map(TextTable.harmless)
  }

  static func ok(_ check: Check, _ detail: String) -> Finding { Finding(check, .ok, detail) }
  static func problem(_ check: Check, _ detail: String, mend remedy: String) -> Finding {
    Finding(check, .problem, detail, remedy: remedy)
  }
  static func skipped(_ check: Check, _ reason: String) -> Finding { Finding(check, .skipped, reason) }

  /// For people: a line, and for a problem a second one that says how to mend it; with line feeds.
  package var text: String {
    let line = "\(TextTable.fitted(verdict.rawValue, 8)) \(TextTable.fitted(check.rawValue, 14)) \(detail)\n"
    return remedy.map { "\(line)\(TextTable.fitted("", 9))\(TextTable.fitted("mend:", 14)) \($0)\n" } ?? line
  }
}
