import CLinux
@testable import SerdAudio

/// An audio file: opened, and its first seconds decoded, mixed down and resampled.
@Sendable func fuzzAudio(_ input: [UInt8]) {
  withFile(input) { descriptor in
    guard let source = try? FileSource(descriptor: descriptor, name: "fuzz") else { return }
    var samples = [Float](repeating: .nan, count: 4000)
    for _ in 0..<12 {
      guard let count = try? samples.withUnsafeMutableBufferPointer({ try source.read(into: $0) }) else { return }
      promise(samples[..<count].allSatisfy(\.isFinite), "a sample that is no number came through")
      if count < samples.count { return }
    }
  }
}

/// A file in memory without a name.
func openMemory() -> Int32 { memfd_create("fuzz", UInt32(SERD_MFD_CLOEXEC)) }
