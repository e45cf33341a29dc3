import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// Paths on stdin; a line per recording on stdout: windows with speech, windows, path. Through `FileClassifier`,
/// without its network.
func probeFiles(model path: String) throws {
  let classifier = NoNetwork(try LoadedModel(path: path).model.description)
  while let path = readLine() {
    let result = try FileClassifier(classifier: classifier).classify(FileSource(path: path))
    print(result.speechWindows, result.windows, path)
  }
}

/// Answers nothing: for what is decided before the network.
private final class NoNetwork: WindowClassifier {
  let description: ModelDescription
  init(_ description: ModelDescription) { self.description = description }
  func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {}
}
