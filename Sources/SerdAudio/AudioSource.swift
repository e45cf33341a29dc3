/// Anything that delivers mono sound at `SampleRate.pipeline` as Float32, nominally in [-1, 1], in chunks.
///
/// A source mixes down and resamples by itself; it does not change the level, and it does not clip: a float file may
/// hold samples beyond ±1. It is used from one thread at a time. It is not a queue: nothing is read ahead of demand
/// beyond one block.
package protocol AudioSource: AnyObject {
  /// What the sound is made of before conversion.
  var native: NativeFormat { get }

  /// Reads the next samples, waiting for them where the source is live.
  ///
  /// - Parameter buffer: where they go; it must have room for at least one.
  /// - Returns: how many were written, from the start of `buffer`; 0 at the end of the source, and from then on.
  /// - Throws: `AudioError`; every later call throws it again.
  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int
}

extension AudioSource {
  /// The next samples, at most `count` (at least 1); fewer only at the end, none after it. Cost: one allocation.
  package func read(_ count: Int) throws(AudioError) -> [Float] {
    precondition(count > 0, "a read of \(count) samples cannot tell the end from progress")
    var samples = [Float](repeating: 0, count: count)
    var filled = 0
    var failure: AudioError?
    samples.withUnsafeMutableBufferPointer { buffer in
      do throws(AudioError) {
        while filled < count {
          let read = try read(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
          if read == 0 { break }
          filled += read
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    samples.removeLast(count - filled)
    return samples
  }

  /// Everything that is left. Cost: 64 kB per second of sound, so not for a source that may be long, and never for a
  /// live one.
  package func readAll() throws(AudioError) -> [Float] {
    var all: [Float] = []
    while true {
      let chunk = try read(SampleRate.pipeline)
      if chunk.isEmpty { return all }
      all += chunk
    }
  }
}
