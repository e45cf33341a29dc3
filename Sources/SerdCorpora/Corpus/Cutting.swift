import SerdAudio

/// How recordings are cut to pieces of one length before anything else is done with them.
package enum Cutting: Codable, Equatable, Sendable {
  /// Every whole piece of a longer recording, from its start; the remainder is discarded. Shorter ones stay, to be
  /// padded.
  case segments(seconds: Double)
  /// The middle of a longer recording, as the original TensorFlow code does. Shorter ones stay, to be padded.
  case centre(seconds: Double)

  /// Length of a piece in seconds.
  package var seconds: Double {
    switch self {
    case .segments(let seconds), .centre(let seconds): seconds
    }
  }

  /// The parts of a recording of `count` samples; nil if it stays whole.
  func parts(of count: Int) -> [Range<Int>]? {
    let length = Int((seconds * Double(SampleRate.pipeline)).rounded())
    precondition(length > 0, "a piece of \(seconds) s holds nothing")
    guard count > length else { return nil }
    switch self {
    case .segments: return (0..<count / length).map { $0 * length..<($0 + 1) * length }
    case .centre:
      let start = (count - length) / 2
      return [start..<start + length]
    }
  }

  /// Samples of a file at 16 kHz. Cost: opening it, as far as its header tells the length; else decoding it.
  static func samples(in path: String) throws(AudioError) -> Int {
    let source = try FileSource(path: path)
    if let duration = source.duration { return Int((duration * Double(SampleRate.pipeline)).rounded()) }
    return try source.readAll().count
  }
}

extension Corpus {
  /// The corpus with its recordings cut; pieces of one recording are called `name#1`, `name#2` and so on.
  ///
  /// Pieces keep speaker, text and label, so protocols that keep speakers apart keep them apart; `paper` does not.
  package func cut(_ cutting: Cutting) throws(CorpusError) -> Corpus {
    var pieces: [Recording] = []
    for recording in recordings {
      let count: Int
      do throws(AudioError) {
        if let span = recording.span { count = span.count } else { count = try Cutting.samples(in: recording.path) }
      } catch {
        throw CorpusError(
          at: "recording \(error.place ?? recording.path)", error.problem,
          advice: "\(error.advice); or see sertrain inspect")
      }
      guard let parts = cutting.parts(of: count) else {
        pieces.append(recording)
        continue
      }
      for (index, part) in parts.enumerated() {
        pieces.append(recording.part(part, name: parts.count > 1 ? "\(recording.name)#\(index + 1)" : nil))
      }
    }
    return with(recordings: pieces)
  }
}
