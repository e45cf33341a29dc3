import SerdAudio

/// The outline of a recording's waveform: the least and the largest sample of equal stretches, however long it is.
package final class SoundOutline {
  /// More are made one of two.
  private static let most = 2048

  /// Samples at 16 kHz in a stretch; doubled as the recording goes on.
  package private(set) var samplesPerStretch = 160
  /// The least and the largest sample of each.
  package private(set) var stretches: [(low: Float, high: Float)] = []
  private var filled = 0

  /// An outline of nothing.
  package init() {}

  /// Takes the next samples.
  package func add(_ samples: some Sequence<Float>) {
    for sample in samples {
      if filled == 0 {
        stretches.append((sample, sample))
      } else {
        let last = stretches.count - 1
        stretches[last].low = min(stretches[last].low, sample)
        stretches[last].high = max(stretches[last].high, sample)
      }
      filled += 1
      if filled == samplesPerStretch {
        filled = 0
        if stretches.count == Self.most { halve() }
      }
    }
  }

  private func halve() {
    stretches = stride(from: 0, to: stretches.count, by: 2).map {
      (min(stretches[$0].low, stretches[$0 + 1].low), max(stretches[$0].high, stretches[$0 + 1].high))
    }
    samplesPerStretch *= 2
  }
}

/// A source that shows its samples to an outline as they are read.
final class TappedSource: AudioSource {
  var native: NativeFormat { source.native }
  private let source: any AudioSource
  private let outline: SoundOutline

  init(_ source: any AudioSource, _ outline: SoundOutline) {
    self.source = source
    self.outline = outline
  }

  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let count = try source.read(into: buffer)
    outline.add(buffer[..<count])
    return count
  }
}
