import SerdNetwork

extension QuantisedModel {
  /// The same model with another temperature.
  package func with(temperature: Float) throws(ModelFileError) -> QuantisedModel {
    var description = description
    description.temperature = temperature
    return try QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  }
}
