import SerdAudio

/// Samples in memory as a source: a part of a file, or sound that was changed.
final class SampleSource: AudioSource {
  let native = NativeFormat(sampleRate: SampleRate.pipeline, channels: 1, name: "samples")
  private let samples: [Float]
  private var place = 0

  init(_ samples: [Float]) { self.samples = samples }

  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let count = min(buffer.count, samples.count - place)
    for i in 0..<count { buffer[i] = samples[place + i] }
    place += count
    return count
  }
}
