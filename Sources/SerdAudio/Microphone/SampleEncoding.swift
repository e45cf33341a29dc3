import CALSA

/// The sample formats of sound cards that are read, and their conversion to Float32 in [-1, 1).
///
/// The scale is that of `SoundFile`, so a recording of the same sound gives the same bits.
enum SampleEncoding: CaseIterable {
  case signed16, signed24In4, signed24In3, signed32, float32

  /// libasound's name for it. All are little-endian, as all machines are that this runs on.
  var alsa: snd_pcm_format_t {
    switch self {
    case .signed16: SND_PCM_FORMAT_S16_LE
    case .signed24In4: SND_PCM_FORMAT_S24_LE
    case .signed24In3: SND_PCM_FORMAT_S24_3LE
    case .signed32: SND_PCM_FORMAT_S32_LE
    case .float32: SND_PCM_FORMAT_FLOAT_LE
    }
  }

  /// As in "S16_LE".
  var name: String { String(cString: snd_pcm_format_name(alsa)) }

  /// Bytes of one sample of one channel.
  var byteCount: Int {
    switch self {
    case .signed16: 2
    case .signed24In3: 3
    case .signed24In4, .signed32, .float32: 4
    }
  }

  /// Writes the samples of interleaved frames at `raw` as floats to `values`.
  func decode(_ raw: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>) {
    switch self {
    case .signed16:
      each(count, values) {
        Float(Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))) / 0x8000
      }
    case .signed24In4:
      // The upper byte is not defined.
      each(count, values) { Float(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) << 8) / 0x8000_0000 }
    case .signed24In3:
      each(count, values) {
        let low = Int32(raw.loadUnaligned(fromByteOffset: 3 * $0, as: UInt16.self))
        let high = Int32(raw.load(fromByteOffset: 3 * $0 + 2, as: Int8.self))
        return Float(high << 24 | low << 8) / 0x8000_0000
      }
    case .signed32:
      each(count, values) { Float(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) / 0x8000_0000 }
    case .float32:
      each(count, values) {
        let sample = raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
        // A driver's or server's NaN would stay in every later stage for ever.
        return abs(sample) <= SampleRange.largest ? sample : 0
      }
    }
  }

  @inline(__always)
  private func each(_ count: Int, _ values: UnsafeMutablePointer<Float>, _ sample: (Int) -> Float) {
    for index in 0..<count { values[index] = sample(index) }
  }
}
