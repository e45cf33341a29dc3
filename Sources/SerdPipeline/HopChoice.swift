import SerdNetwork

/// How often a window is classified.
package enum HopChoice: String, CaseIterable, Sendable {
  /// The model's own hop.
  case short
  /// Every second time: half of the work, and answers half a second later.
  case long

  /// For messages.
  package static let expected = "short or long"

  /// Frames from one window of a model to the next.
  package func frames(_ model: ModelDescription) -> Int { model.hopFrames * (self == .long ? 2 : 1) }

  /// The same in seconds.
  package func seconds(_ model: ModelDescription) -> Double {
    Double(frames(model) * model.frontEnd.hop) / Double(model.frontEnd.sampleRate)
  }
}
