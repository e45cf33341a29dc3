@testable import SerdService

/// A configuration file, read as the daemon reads it; what is accepted must also be printed so that it reads the same again.
@Sendable func fuzzConfiguration(_ input: [UInt8]) {
  withFile(input) { descriptor in
    guard let layers = configuration(descriptor) else { return }
    _ = try? layers.configuration.trackerSettings(labels: ["anger", "neutral"])
    withFile(Array(layers.resultText.utf8)) { printed in
      promise(configuration(printed)?.configuration == layers.configuration, "does not read the same: \(layers.resultText)")
    }
  }
}

private func configuration(_ descriptor: Int32) -> ConfigurationLayers? {
  try? ConfigurationLayers(path: "/proc/self/fd/\(descriptor)", environment: [:], options: [])
}
