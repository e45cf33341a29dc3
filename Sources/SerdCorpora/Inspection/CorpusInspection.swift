import Dispatch
import Foundation
import SerdAudio
import SerdNetwork
import Synchronization

/// What is in a corpus, found by reading all of it: counts per class and speaker, durations, formats, what was left
/// out, what cannot be read, and what is there twice. The JSON of `sertrain inspect --json`.
package struct CorpusInspection: Codable, Sendable {
  /// A class or a speaker.
  package struct Group: Codable, Equatable, Sendable {
    /// Name of the class or speaker.
    package let name: String
    /// Readable recordings.
    package let recordings: Int
    /// Their duration.
    package let seconds: Double
    /// Of a speaker, recordings of each class, in the order of the classes; of a class nil.
    package let byClass: [Int]?
  }

  /// Lengths of the readable recordings in seconds.
  package struct Durations: Codable, Equatable, Sendable {
    /// Extremes and quantiles.
    package let shortest, median, longest: Double
    /// All of them.
    package let total: Double
  }

  /// Name of the corpus, and of the part of it.
  package let corpus: String
  /// Classes in order.
  package let classes: [Group]
  /// Speakers, sorted.
  package let speakers: [Group]
  /// Number of sentences, where the corpus names them.
  package let sentences: Int
  /// Nil if nothing can be read.
  package let durations: Durations?
  /// Number of readable recordings by format, as "WAV (Microsoft), Signed 16 bit PCM, 16000 Hz, 1 channel".
  package let formats: [String: Int]
  /// Files, and lines of them, that are no recordings of the corpus.
  package let leftOut: [LeftOut]
  /// Recordings that cannot be read, and why.
  package let unreadable: [LeftOut]
  /// Recordings that hold less than their header promises, and what is missing: they are used as they are.
  package let cutShort: [LeftOut]
  /// Names of recordings with the very same sound, two or more at a time: a test on one knows the other.
  package let sameSound: [[String]]

  private enum Finding: Sendable {
    case sound(count: Int, format: String, digest: String, remarks: [FileRemark])
    case problem(String)
  }

  /// Reads all recordings, on all cores.
  package init(of corpus: Corpus) {
    let findings = Mutex<[Int: Finding]>([:])
    DispatchQueue.concurrentPerform(iterations: corpus.recordings.count) { index in
      let finding = Self.finding(corpus.recordings[index])
      findings.withLock { $0[index] = finding }
    }
    var seconds: [Int: Double] = [:]
    var formats: [String: Int] = [:]
    var unreadable: [LeftOut] = []
    var cutShort: [LeftOut] = []
    var byDigest: [String: [String]] = [:]
    for (index, recording) in corpus.recordings.enumerated() {
      switch findings.withLock({ $0[index]! }) {
      case .problem(let reason): unreadable.append(LeftOut(recording.path, reason))
      case .sound(let count, let format, let digest, let remarks):
        for remark in remarks where remark.isLoss { cutShort.append(LeftOut(recording.path, remark.problem)) }
        seconds[index] = Double(count) / Double(SampleRate.pipeline)
        formats[format, default: 0] += 1
        byDigest[digest, default: []].append(recording.name)
      }
    }
    let labels = corpus.trainedLabels
    let sorted = seconds.values.sorted()
    func group(_ name: String, _ isIn: (Recording) -> Bool, byClass: Bool) -> Group {
      let indices = corpus.recordings.indices.filter { seconds[$0] != nil && isIn(corpus.recordings[$0]) }
      let counts = labels.indices.map { label in indices.count { corpus.recordings[$0].label == label } }
      return Group(
        name: name, recordings: indices.count, seconds: indices.reduce(0) { $0 + seconds[$1]! },
        byClass: byClass ? counts : nil)
    }
    self.corpus = corpus.name
    classes = labels.enumerated().map { label, name in group(name, { $0.label == label }, byClass: false) }
    speakers = corpus.trainedSpeakers.map { speaker in group(speaker, { $0.speaker == speaker }, byClass: true) }
    sentences = corpus.texts.count
    durations = sorted.last.map {
      Durations(
        shortest: sorted[0], median: sorted[sorted.count / 2], longest: $0, total: sorted.reduce(0, +))
    }
    self.formats = formats
    leftOut = corpus.leftOut
    self.unreadable = unreadable
    self.cutShort = cutShort
    sameSound = byDigest.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  private static func finding(_ recording: Recording) -> Finding {
    do {
      let source = try FileSource(path: recording.path)
      let format = source.native.description
      // A part of a file says nothing of the file's end.
      let samples = try recording.span == nil ? source.readAll() : recording.samples()
      guard samples.contains(where: { $0 != 0 }) else { return .problem("nothing but digital silence") }
      let digest = ModelFile.sha256(of: samples.withUnsafeBytes { Array($0) })
      return .sound(count: samples.count, format: format, digest: digest, remarks: source.remarks)
    } catch {
      return .problem("\(error.problem); \(error.advice)")
    }
  }

  /// The corpus without what cannot be read, which is listed among what is left out.
  package func readable(of corpus: Corpus) -> Corpus {
    let bad = Set(unreadable.map(\.path))
    return corpus.with(recordings: corpus.recordings.filter { !bad.contains($0.path) }, alsoLeftOut: unreadable)
  }
}
