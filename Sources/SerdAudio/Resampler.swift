import CSoxr

/// Streaming conversion of mono sound from one rate to another, by libsoxr.
///
/// Linear phase, 20 bits ("HQ"). Of the lower of the two Nyquist frequencies the first 95 % pass, within 0.01 dB; from
/// 100 % on everything is 120 dB down. At 16 kHz that is flat to 7,600 Hz, where the front end's mel bands end (HQ
/// alone would be flat to 7,300 Hz and 2.9 dB down there), and nothing above 8,000 Hz folds back.
///
/// After `flush` the output has `round(n · to / from)` samples for `n` of input, and its first sample coincides with
/// the input's first: the delay of the filter is taken out. Live, sound comes out up to 75 ms after it went in at 48
/// kHz (82 ms at 44.1 kHz, 235 ms at 8 kHz; libsoxr works in blocks). The output does not depend on how the input was
/// cut. Not thread-safe, not for variable rates.
package final class Resampler {
  private let handle: soxr_t
  private var isFlushing = false

  /// A resampler at the start of a signal; rates in Hz within `SampleRate.accepted`. Cost: a filter design, below 1 ms.
  package init(from: Double, to: Double = Double(SampleRate.pipeline)) throws(AudioError) {
    for rate in [from, to] {
      let accepted = Double(SampleRate.accepted.lowerBound)...Double(SampleRate.accepted.upperBound)
      guard accepted.contains(rate) else {
        throw AudioError(
          .badData, at: "sample rate", "\(rate) Hz is outside \(SampleRate.range)",
          advice: "convert the sound to a usual rate first")
      }
    }
    var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
    quality.passband_end = 0.95
    var reason: soxr_error_t?
    guard let handle = soxr_create(from, to, 1, &reason, nil, &quality, nil), reason == nil else {
      throw AudioError(
        .internal, at: "libsoxr", reason.map { String(cString: $0) } ?? "cannot make a resampler",
        advice: "free some memory and try again")
    }
    self.handle = handle
  }

  deinit { soxr_delete(handle) }

  /// How far the output lags behind the input now, in output samples: what `flush` would still deliver.
  package var delay: Double { soxr_delay(handle) }

  /// Converts what fits: takes from the start of `input`, writes from the start of `output`.
  ///
  /// Call again with the rest of the input until all is consumed. Both counts may be 0 only if `input` or `output` is
  /// empty. Cost: about 0.5 ms per second of 48 kHz sound; libsoxr's queues grow in the first second, then nothing
  /// allocates.
  package func process(
    _ input: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>
  ) -> (consumed: Int, produced: Int) {
    precondition(!isFlushing, "input after flush: a resampler serves one signal")
    // libsoxr takes a null pointer for the end of the input, and an empty buffer may have one.
    guard let start = input.baseAddress, !input.isEmpty else { return (0, 0) }
    var consumed = 0
    var produced = 0
    let failure = soxr_process(handle, start, input.count, &consumed, output.baseAddress, output.count, &produced)
    precondition(failure == nil, "libsoxr fails only where it is set up, not in processing")
    return (consumed, produced)
  }

  /// Delivers what is left after the last input; call it until it returns 0. No `process` may follow.
  package func flush(into output: UnsafeMutableBufferPointer<Float>) -> Int {
    isFlushing = true
    var produced = 0
    let failure = soxr_process(handle, nil, 0, nil, output.baseAddress, output.count, &produced)
    precondition(failure == nil, "libsoxr fails only where it is set up, not in processing")
    return produced
  }
}
