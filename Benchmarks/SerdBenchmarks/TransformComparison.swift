import Foundation
import SerdAudio
import SerdFeatures
import SerdPipeline

/// SerdBenchmarks transforms MODEL FOLDER: how far the answers with FFTW's transform are from those with the portable
/// one, over every recording below the folder (WAV, FLAC, Opus), as `serd --once` hears it.
func transformComparison(_ arguments: [String]) throws {
  guard arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: SerdBenchmarks transforms MODEL FOLDER\n".utf8))
    exit(64)
  }
  guard TransformKind.hasFFTW else {
    FileHandle.standardError.write(Data("SerdBenchmarks: this build has no FFTW to compare with\n".utf8))
    exit(69)
  }
  let model = try LoadedModel(path: arguments[0]).model
  func isRecording(_ path: String) -> Bool { [".wav", ".flac", ".opus"].contains { path.hasSuffix($0) } }
  let files = FileManager.default.enumerator(atPath: arguments[1])?.compactMap { $0 as? String } ?? []
  var differences: [Double] = []
  var (changed, silent) = (0, 0)
  for file in files.filter(isRecording).sorted() {
    let results = try [TransformKind.default, .portable].map { transform in
      let classifier = FileClassifier(classifier: model.makeClassifier(), transform: transform)
      return try classifier.classify(FileSource(path: arguments[1] + "/" + file))
    }
    guard let one = results[0].probabilities, let other = results[1].probabilities else {
      silent += 1
      changed += results[0].best == results[1].best ? 0 : 1
      continue
    }
    differences += zip(one, other).map { Double(abs($0 - $1)) }
    changed += results[0].best == results[1].best ? 0 : 1
  }
  let recordings = differences.count / model.description.labels.count
  guard recordings > 0 else { return print("no speech in any recording of \(arguments[1])") }
  let mean = differences.reduce(0, +) / Double(differences.count)
  print("\(recordings) recordings with speech, \(silent) without; \(TransformKind.default) against portable:")
  print("probabilities differ by at most \(decimals(differences.max()!, 5)), \(decimals(mean * 1e6, 2))e-6 on average")
  print("decisions changed: \(changed)")
}
