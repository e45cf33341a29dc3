/// Decides, frame by frame, whether somebody may be speaking: from the level and from how the spectral shape moves.
///
/// The gate opens when frames are loud enough and their cepstra lie, on average over a tenth of a second, far from their own
/// running mean: speech changes its spectral shape with every sound, steady noise of any colour does not, and neither does a hum or
/// a tone. It stays open for a hang-over.
///
/// Distances measured with cepstra scaled as `tf.signal` does (c1 to c12; 10th percentile, median, 90th; `tools/gate-statistics`
/// prints them again): EMO-DB speech 5.6, 9.0, 13.8; the same with pink noise at 5 dB SNR 1.8, 3.1, 5.7; white, pink and
/// brown noise, fans and 16-bit dither 1.1, 1.6, 2.2; a mains hum with twenty equal harmonics 1.8, 2.7, 3.3 (its average
/// reaches 3.3, that of noise 2.4).
///
/// A pure value: it knows no clock and no sample rate; time is counted in frames. Music, babble and clattering open it:
/// a first gate, with fixed thresholds, to be replaced by one with an adaptive noise floor.
public struct SpeechGate: Sendable {
  /// Thresholds and times of a `SpeechGate`.
  public struct Settings: Equatable, Sendable {
    /// Frames below this RMS level do not count, in dBFS.
    public var minimumLevel: Float = -60
    /// Average cepstral distance from the running mean above which the gate opens.
    public var minimumDistance: Float = 3.4
    /// Share of the old average distance kept per frame: 0.8 is a time constant of 5 frames.
    public var distanceRetention: Float = 0.8
    /// Share of the old mean kept per frame: 0.97 at 16 ms is a time constant of half a second.
    public var meanRetention: Float = 0.97
    /// Frames that the gate stays open afterwards: 20 are 0.3 s.
    public var hangOver = 20
    /// Share of a window's frames that must be open for the window to be classified.
    public var minimumOpenShare = 0.3
    /// The defaults, from the measured distances above.
    public init() {}
  }

  /// Thresholds and times.
  public let settings: Settings
  /// Which cepstral coefficients are compared: the first shape, without c0 (the level) and without pitch.
  static let coefficients = 1...12

  private var mean: [Float]?
  private var averageDistance: Float = 0
  private var openFor = 0

  /// A closed gate that has heard nothing.
  public init(settings: Settings = Settings()) { self.settings = settings }

  /// Whether the gate is open after the last frame.
  public var isOpen: Bool { openFor > 0 }

  /// Takes the next frame and returns whether the gate is open.
  ///
  /// - Parameters:
  ///   - level: RMS of the frame in dBFS.
  ///   - cepstrum: the frame's MFCCs from c0 on, at least 13.
  public mutating func update(level: Float, cepstrum: UnsafeBufferPointer<Float>) -> Bool {
    openFor = max(0, openFor - 1)
    // Silence has no shape: it must not pull the mean away from what was heard before.
    guard level >= settings.minimumLevel else { return isOpen }
    guard mean != nil else {
      mean = Array(cepstrum[Self.coefficients])
      return isOpen
    }
    var squares: Float = 0
    for (index, k) in Self.coefficients.enumerated() {
      let distance = cepstrum[k] - mean![index]
      squares += distance * distance
      mean![index] += (1 - settings.meanRetention) * distance
    }
    averageDistance += (1 - settings.distanceRetention) * (squares.squareRoot() - averageDistance)
    if averageDistance > settings.minimumDistance { openFor = settings.hangOver }
    return isOpen
  }
}
