import Foundation
import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// A recording, over and over for some minutes, as the benchmarks' endless stream.
struct HopSound {
  let samples: [Float]
  /// All its frames, row by row.
  let frames: [Float]

  /// - Parameter file: any sound file.
  init(file: String, frontEnd: FrontEndSettings) throws {
    let source = try FileSource(path: file)
    var once: [Float] = []
    while case let more = try source.read(frontEnd.sampleRate), !more.isEmpty { once += more }
    let copies = max(1, 300 * frontEnd.sampleRate / max(1, once.count))
    samples = Array(repeatElement(once, count: copies).joined())
    frames = FeatureStream.frames(of: samples, settings: frontEnd)
  }
}
