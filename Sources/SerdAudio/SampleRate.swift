/// Sample rates, in Hz: the one that the pipeline works at and those that a source may have.
package enum SampleRate {
  /// What every `AudioSource` delivers: 16 kHz, the rate of the network's front end (Light-SERNet, arXiv 2110.03435).
  package static let pipeline = 16_000

  /// What a file or a device may have. Below 1 kHz no speech is left (and headers that say so are damaged ones); above
  /// 1 MHz nothing records.
  package static let accepted = 1_000...1_000_000
}

extension SampleRate {
  /// `accepted` in words, for messages.
  static var range: String { "\(accepted.lowerBound) to \(accepted.upperBound) Hz" }
}
