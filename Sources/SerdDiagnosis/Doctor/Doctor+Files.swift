import SerdConfiguration
import SerdNetwork
import SerdPipeline
import SerdServer

extension Doctor {
  /// The configuration, nil if it cannot be read, and what is found about it and the model.
  func examineFiles(
    _ result: Result<ConfigurationLayers, ConfigurationError>
  ) -> (Configuration?, [Finding]) {
    let layers: ConfigurationLayers
    switch result {
    case .success(let found): layers = found
    case .failure(let error):
      return (
        nil,
        [
          .problem(.configuration, error.description, mend: "correct it there, then: serd check-config"),
          .skipped(.model, "the configuration does not say which model"),
        ]
      )
    }
    let configuration = layers.configuration
    do throws(ModelFileError) {
      let model = try LoadedModel(path: configuration.modelPath())
      let description = model.model.description
      let text = "\(description.name), \(description.labels.count) emotions, \(model.path)"
      return (configuration, [self.configuration(layers, description.labels), .ok(.model, text)])
    } catch {
      let remedy =
        configuration.model.isEmpty
        ? "sudo apt install --reinstall serd, or name a model file: model = PATH in \(layers.path ?? ConfigurationLayers.usualPath)"
        : "\(error.advice); or take the model that came with serd: model = (empty) in \(place(of: "model", layers))"
      return (
        configuration, [self.configuration(layers, nil), .problem(.model, error.complaint, mend: remedy)]
      )
    }
  }

  /// `labels` are those of the model; nil if it is not known.
  private func configuration(_ layers: ConfigurationLayers, _ labels: [String]?) -> Finding {
    if let labels {
      do throws(ConfigurationError) {
        try layers.check(labels: labels)
      } catch {
        return .problem(.configuration, error.description, mend: "correct it there, then: serd check-config")
      }
    }
    if let warning = layers.warnings.first {
      return .problem(.configuration, warning, mend: "rename or unset the variable, then: serd check-config")
    }
    return .ok(.configuration, layers.path ?? "no file; the defaults are in force")
  }

  private func place(of key: String, _ layers: ConfigurationLayers) -> String {
    let origin = layers.origin(of: key)
    return origin == .builtIn ? ConfigurationLayers.usualPath : origin.description
  }
}
