/// Which part of a corpus is used, and as what: the choices that the published experiments differ in.
package struct CorpusSelection: Codable, Equatable, Sendable {
  /// A part of a corpus.
  package enum Part: String, Codable, CaseIterable, Sendable {
    /// IEMOCAP: dialogues that the actors made up from a situation.
    case improvised
    /// IEMOCAP: dialogues that they read.
    case scripted
    /// ASVP-ESD: with words.
    case speech
    /// ASVP-ESD: without, as laughter and cries.
    case nonSpeech = "non-speech"
    /// Everything; the default.
    case all
  }

  /// A set of labels.
  package enum Classes: String, Codable, CaseIterable, Sendable {
    /// IEMOCAP: anger, happiness with excitement, neutral, sadness; the default there.
    case four = "4"
    /// IEMOCAP: all eleven codes, `xxx` (no agreement among the listeners) included, as the report has it.
    case full
    /// ASVP-ESD without its class of breath and other sounds.
    case twelve = "12"
    /// ASVP-ESD: all; the default there.
    case thirteen = "13"
  }

  /// What counts as a speaker, and so what folds are cut between.
  package enum FoldUnit: String, Codable, CaseIterable, Sendable {
    /// IEMOCAP: session and speaker letter, ten voices; the default.
    case speaker
    /// IEMOCAP: the session, with both of its voices.
    case session
  }

  /// Nil for everything.
  package var part: Part?
  /// Nil for the corpus's default.
  package var classes: Classes?
  /// IEMOCAP: numbers of the sessions; nil for all.
  package var sessions: [Int]?
  /// Nil for the corpus's default.
  package var foldUnit: FoldUnit?

  /// A selection; by default of everything.
  package init(
    part: Part? = nil, classes: Classes? = nil, sessions: [Int]? = nil, foldUnit: FoldUnit? = nil
  ) {
    self.part = part
    self.classes = classes
    self.sessions = sessions
    self.foldUnit = foldUnit
  }

  /// Refuses what a format does not have.
  func check(format: String) throws(CorpusError) {
    let known: (parts: [Part], classes: [Classes], isSessioned: Bool) =
      switch format {
      case "iemocap": ([.improvised, .scripted, .all], [.four, .full], true)
      case "asvp-esd": ([.speech, .nonSpeech, .all], [.twelve, .thirteen], false)
      default: ([.all], [], false)
      }
    func refuse(_ what: String, _ options: [String]) -> CorpusError {
      CorpusError(
        .usage, "the format \(format) has no \(what)",
        advice: options.isEmpty ? "leave that option out" : "use \(options.joined(separator: ", "))")
    }
    if let part, !known.parts.contains(part) { throw refuse("part \(part.rawValue)", known.parts.map(\.rawValue)) }
    if let classes, !known.classes.contains(classes) {
      throw refuse("set of \(classes.rawValue) classes", known.classes.map(\.rawValue))
    }
    if !known.isSessioned, sessions != nil || foldUnit != nil { throw refuse("sessions", []) }
    if let sessions, sessions.isEmpty || !sessions.allSatisfy({ (1...5).contains($0) }) {
      throw CorpusError(.usage, "IEMOCAP has no such sessions: \(sessions)", advice: "use some of 1 to 5")
    }
  }

  /// The corpus's name with what was selected: results of different selections must not be taken for each other.
  func name(of corpus: String) -> String {
    let words = [
      part.flatMap { $0 == .all ? nil : $0.rawValue }, classes.map { "\($0.rawValue) classes" },
      sessions.map { "session " + $0.sorted().map(String.init).joined(separator: "+") },
      foldUnit == .session ? "speakers by session" : nil,
    ].compactMap { $0 }
    return words.isEmpty ? corpus : "\(corpus) (\(words.joined(separator: ", ")))"
  }
}
