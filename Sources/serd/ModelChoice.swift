import SerdNetwork
import SerdPipeline

enum ModelChoice {
  /// Reads the model at a path; who names none that can be read is told how to name one.
  static func load(_ path: @autoclosure () throws(ModelFileError) -> String) throws(ModelFileError) -> LoadedModel {
    do {
      return try LoadedModel(path: path())
    } catch {
      throw error.cause == .noInput ? error.advising("name a .safetensors file with --model") : error
    }
  }
}
