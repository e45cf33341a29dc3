import Foundation
import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// SerdBenchmarks transforms|offset MODEL FOLDER: how far two front ends' answers are apart, over every recording below
/// the folder (WAV, FLAC, Opus), as `serd --once` hears it: with FFTW's transform and with the portable one, or with
/// the constant offset taken out and left in.
func answerComparison(_ subject: String, _ arguments: [String]) throws {
  guard arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: SerdBenchmarks \(subject) MODEL FOLDER\n".utf8))
    exit(64)
  }
  guard subject == "offset" || TransformKind.hasFFTW else {
    FileHandle.standardError.write(Data("SerdBenchmarks: this build has no FFTW to compare with\n".utf8))
    exit(69)
  }
  let model = try LoadedModel(path: arguments[0]).model.lightSERNet()
  let contenders: [(name: String, model: QuantisedModel, transform: TransformKind)] =
    subject == "offset"
    ? [("offset out", model, .default), ("left in", try model.leavingOffset(), .default)]
    : [("\(TransformKind.default)", model, .default), ("portable", model, .portable)]
  func isRecording(_ path: String) -> Bool { [".wav", ".flac", ".opus"].contains { path.hasSuffix($0) } }
  let files = FileManager.default.enumerator(atPath: arguments[1])?.compactMap { $0 as? String } ?? []
  var differences: [Double] = []
  var (changed, silent) = (0, 0)
  for file in files.filter(isRecording).sorted() {
    let results = try contenders.map { contender in
      let classifier = FileClassifier(classifier: contender.model.makeClassifier(), transform: contender.transform)
      return try classifier.classify(FileSource(path: arguments[1] + "/" + file))
    }
    changed += results[0].best == results[1].best ? 0 : 1
    guard let one = results[0].probabilities, let other = results[1].probabilities else {
      silent += 1
      continue
    }
    differences += zip(one, other).map { Double(abs($0 - $1)) }
  }
  let recordings = differences.count / model.description.labels.count
  guard recordings > 0 else { return print("no speech in any recording of \(arguments[1])") }
  let mean = differences.reduce(0, +) / Double(differences.count)
  print("\(recordings) recordings with speech, \(silent) without; \(contenders[0].name) against \(contenders[1].name):")
  print("probabilities differ by at most \(decimals(differences.max()!, 5)), \(decimals(mean * 1e6, 2))e-6 on average")
  print("decisions changed: \(changed)")
}

extension QuantisedModel {
  /// The same network behind a front end that takes no constant offset out.
  fileprivate func leavingOffset() throws -> QuantisedModel {
    var description = description
    description.frontEnd.offsetMemory = 0
    return try QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  }
}
