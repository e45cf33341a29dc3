import SerdSystem

/// Why a model file cannot be used. What reads bytes knows no path: whoever does adds it with `at`.
package typealias ModelFileError = Explained<ModelFile>

extension Explained where Subject == ModelFile {
  /// The file is not a sound model.
  package init(_ problem: String, advice: String = "use a model file written by sertrain, or copy it again") {
    self.init(.badData, problem, advice: advice)
  }
}
