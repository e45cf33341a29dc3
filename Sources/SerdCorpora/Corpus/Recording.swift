import SerdAudio

/// One labelled piece of speech in a corpus: a file, or a part of one.
package struct Recording: Equatable, Sendable {
  /// Where the file is.
  package let path: String
  /// Index into the corpus's labels (`Corpus.trainedLabels`).
  package let label: Int
  /// Who speaks: folds are cut between speakers.
  package let speaker: String
  /// Which sentence is spoken, where the corpus says so; else empty.
  package let text: String
  /// Share of listeners who named the intended emotion, from a listening test; nil where there was none.
  package let recognition: Float?
  /// What listeners said, from a listening test: a share for each of the corpus's labels, which sum to 1; nil where
  /// there was none.
  package let votes: [Float]?
  /// The samples at 16 kHz that belong to it; nil for the whole file.
  package let span: Range<Int>?
  /// What results call it: the file's name, unless several recordings share a file.
  package let name: String
  /// Which of several corpora it is of; nil in a corpus that is one.
  package internal(set) var corpus: String?

  /// A recording of a corpus; without a `name` it is called as its file.
  package init(
    path: String, label: Int, speaker: String, text: String, recognition: Float? = nil, votes: [Float]? = nil,
    span: Range<Int>? = nil, name: String? = nil
  ) {
    self.path = path
    self.label = label
    self.speaker = speaker
    self.text = text
    self.recognition = recognition
    self.votes = votes
    self.span = span
    let file = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    self.name = name ?? String(file)
  }

  /// Its sound: 16 kHz, channels averaged.
  ///
  /// Cost: decoding from the start of the file to the end of the span.
  package func samples() throws(AudioError) -> [Float] {
    let source = try FileSource(path: path)
    guard let span else { return try source.readAll() }
    var samples: [Float] = []
    while samples.count < span.upperBound {
      let chunk = try source.read(min(span.upperBound - samples.count, 60 * SampleRate.pipeline))
      if chunk.isEmpty { break }
      samples += chunk
    }
    guard samples.count > span.lowerBound else {
      throw AudioError(
        .badData, at: path, "ends before \(name) begins", advice: "copy the corpus again")
    }
    return Array(samples[span.lowerBound...])
  }

  /// This recording, cut to a part of itself.
  func part(_ range: Range<Int>, name: String? = nil) -> Recording {
    let start = span?.lowerBound ?? 0
    var part = Recording(
      path: path, label: label, speaker: speaker, text: text, recognition: recognition, votes: votes,
      span: start + range.lowerBound..<start + range.upperBound, name: name ?? self.name)
    part.corpus = corpus
    return part
  }
}
