import SerdFeatures

/// What models that adapt have heard of each test speaker so far: evaluation asks about recordings one after the other.
///
/// Of one evaluation under one condition; another begins anew.
struct HeardSpeakers {
  private let make: () -> (any SpeakerMemory)?
  private var known: [String: any SpeakerMemory] = [:]

  /// - Parameter make: makes the memory of a speaker of whom nothing was heard yet; nil if the model does not adapt.
  init(_ make: @escaping () -> (any SpeakerMemory)?) { self.make = make }

  /// The speaker's, for the next recording; nil if the model does not adapt.
  mutating func adaptation(of speaker: String) -> (any SpeakerMemory)? {
    if known[speaker] == nil { known[speaker] = make() }
    return known[speaker]
  }
}
