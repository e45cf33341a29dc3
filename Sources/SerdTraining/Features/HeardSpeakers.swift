import SerdFeatures

/// What models that adapt have heard of each test speaker so far: evaluation asks about recordings one after the other.
///
/// Of one evaluation under one condition; another begins anew.
struct HeardSpeakers {
  let frontEnd: FrontEndSettings
  private var known: [String: RunningStandardisation] = [:]

  init(frontEnd: FrontEndSettings) { self.frontEnd = frontEnd }

  /// The speaker's, for the next recording; nil if models of this front end do not adapt.
  mutating func adaptation(of speaker: String) -> RunningStandardisation? {
    if known[speaker] == nil { known[speaker] = RunningStandardisation(settings: frontEnd) }
    return known[speaker]
  }
}
