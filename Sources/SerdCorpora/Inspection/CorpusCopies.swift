import Dispatch
import SerdNetwork
import Synchronization

/// Recordings with the very same sound that contradict each other: under two speakers, so that a test on one knows the
/// other; under two labels, so that one is wrong; or under two sentences.
///
/// A copy under the same speaker, label and sentence is none: it counts twice, and betrays nothing
/// (`CorpusInspection.sameSound` has these, too). Nor is digital silence.
package struct CorpusCopies: Sendable {
  /// Groups of two or more, each sorted by path.
  package let groups: [[Recording]]

  /// Reads all recordings, on all cores. What cannot be read is passed over: who trains on it says so.
  package init(of corpus: Corpus) {
    let digests = Mutex<[Int: String]>([:])
    DispatchQueue.concurrentPerform(iterations: corpus.recordings.count) { index in
      guard let samples = try? corpus.recordings[index].samples(), samples.contains(where: { $0 != 0 }) else { return }
      let digest = ModelFile.sha256(of: samples.withUnsafeBytes { Array($0) })
      digests.withLock { $0[index] = digest }
    }
    let found = digests.withLock { $0 }
    let same: [[Recording]] = Dictionary(grouping: found.keys.sorted()) { found[$0]! }.values.map { indices in
      indices.map { corpus.recordings[$0] }
    }
    groups = same.filter { Self.contradict($0) }.sorted { $0[0].path < $1[0].path }
  }

  private static func contradict(_ group: [Recording]) -> Bool {
    func differ<Value: Hashable>(_ values: some Sequence<Value>) -> Bool { Set(values).count > 1 }
    let texts = group.map(\.text).filter { !$0.isEmpty }
    return differ(group.map(\.speaker)) || differ(group.map(\.label)) || differ(texts)
  }

  /// Throws if there are any, and names the first.
  package static func refuse(in corpus: Corpus) throws(CorpusError) {
    let groups = CorpusCopies(of: corpus).groups
    guard let first = groups.first else { return }
    func told(_ recording: Recording) -> String {
      "\(recording.path) (\(recording.speaker), \(corpus.trainedLabels[recording.label]))"
    }
    let count = groups.count == 1 ? "one sound stands" : "\(groups.count) sounds stand"
    throw CorpusError(
      "\(count) under two speakers, labels or sentences: \(first.map(told).joined(separator: " = "))",
      advice: "a test on one would know the other; keep one of each (sertrain inspect lists them)")
  }
}
