extension LogMel {
  /// All frames of a recording, row by row.
  ///
  /// - Parameter padded: as Whisper does it: frames are centred on multiples of the hop, and the recording is mirrored
  ///   at both ends (at least 201 samples). Otherwise only frames that lie inside, as a stream has them.
  package func frames(of samples: [Float], padded: Bool = false) -> [Float] {
    var samples = samples
    if padded {
      let margin = Self.frameLength / 2
      precondition(samples.count > margin, "\(samples.count) samples are too few to be mirrored")
      let tail = samples.count - 1
      samples = (1...margin).reversed().map { samples[$0] } + samples + (1...margin).map { samples[tail - $0] }
    }
    // Padding makes one frame more than Whisper keeps.
    let count = Self.frames(inSamples: samples.count) - (padded ? 1 : 0)
    return samples.withUnsafeBufferPointer { samples in
      Array(unsafeUninitializedCapacity: count * Self.bands) { values, initialized in
        for frame in 0..<count {
          process(frame: samples.baseAddress! + frame * Self.hop, into: values.baseAddress! + frame * Self.bands)
        }
        initialized = count * Self.bands
      }
    }
  }
}

/// A window's frames as the network reads them: what is more than 8 (80 dB) below the window's loudest value is at that
/// limit, then (x + 4) / 4.
package enum LogMelWindow {
  /// Scales `count` values.
  ///
  /// - Parameter offset: added to every value first: 2 · log10 of a gain.
  package static func scale(
    _ values: UnsafePointer<Float>, count: Int, offset: Float = 0, into output: UnsafeMutablePointer<Float>
  ) {
    var loudest = SIMD16(repeating: -Float.infinity)
    let whole = count / 16 * 16
    for i in stride(from: 0, to: whole, by: 16) {
      let some = UnsafeRawPointer(values + i).loadUnaligned(as: SIMD16<Float>.self)
      loudest.replace(with: some, where: some .> loudest)
    }
    let limit = (whole..<count).reduce(loudest.max()) { max($0, values[$1]) } - 8
    for i in 0..<count { output[i] = (max(values[i], limit) + offset + 4) * 0.25 }
  }

  /// `scale`, for a whole array.
  package static func scaled(_ values: [Float], offset: Float = 0) -> [Float] {
    var output = values
    output.withUnsafeMutableBufferPointer { output in
      values.withUnsafeBufferPointer {
        if let from = $0.baseAddress, let to = output.baseAddress {
          scale(from, count: $0.count, offset: offset, into: to)
        }
      }
    }
    return output
  }
}
