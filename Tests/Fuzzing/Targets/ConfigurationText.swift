import SerdConfiguration
@testable import SerdServer

/// The bytes of a configuration file; what is accepted must also be printed so that it reads the same again.
@Sendable func fuzzConfiguration(_ input: [UInt8]) {
  guard let layers = configuration(input) else { return }
  try? layers.check(labels: ["anger", "neutral"])
  let printed = layers.resultText
  promise(
    configuration(Array(printed.utf8))?.configuration == layers.configuration, "does not read the same: \(printed)")
}

private func configuration(_ bytes: [UInt8]) -> ConfigurationLayers? {
  guard let file = try? ConfigurationFile(path: "fuzz", bytes: bytes) else { return nil }
  return try? ConfigurationLayers(file: file, environment: [:], options: [])
}
