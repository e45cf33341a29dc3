/// Another length of the vocal tract: the frequency axis, stretched or compressed so that formants move and the
/// spectrum's upper end stays.
///
/// Piecewise linear: up to 0.6 of the Nyquist frequency f is heard as `factor` · f (above 1 up to where that reaches
/// 0.6), from there on the line leads to the Nyquist frequency (Jaitly and Hinton 2013, "Vocal Tract Length
/// Perturbation improves speech recognition"). A plain `factor` · f would leave the highest mel bands without a single
/// bin for factors below 0.91: their energy falls to the log's floor, and since the cosine transform spreads it, every
/// coefficient with it.
package struct VocalTractWarp {
  /// 1 for none, below 1 for a longer tract.
  package let factor: Double
  /// Half of the sample rate, in Hz.
  package let nyquist: Double

  package init(factor: Double, nyquist: Double) {
    self.factor = factor
    self.nyquist = nyquist
  }

  /// Where a frequency in Hz, from 0 to the Nyquist frequency, is heard.
  package func callAsFunction(_ hertz: Double) -> Double {
    let heardEnd = 0.6 * nyquist * min(factor, 1)
    let end = heardEnd / factor
    return hertz <= end ? factor * hertz : nyquist - (nyquist - heardEnd) / (nyquist - end) * (nyquist - hertz)
  }
}
