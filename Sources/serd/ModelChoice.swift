import SerdNetwork
import SerdPipeline

enum ModelChoice {
  /// Reads the model of this name; nil and the empty name stand for the one that came with serd. Who names none that
  /// can be read is told how to name one.
  static func load(_ name: String?) throws(ModelFileError) -> LoadedModel {
    do {
      if let name, !name.isEmpty { return try LoadedModel(path: name) }
      return try LoadedModel(path: LoadedModel.defaultPath())
    } catch {
      throw error.cause == .noInput ? error.advising("name a .safetensors file with --model") : error
    }
  }
}
