// swift-tools-version: 6.0
import PackageDescription

// A program of its own, as yours would be: it builds of serd what the library SerdClient needs, and nothing else.
// Elsewhere than in serd's folder, write .package(url:) or another path.
let package = Package(
  name: "emotions",
  dependencies: [.package(name: "serd", path: "../..")],
  targets: [
    .executableTarget(
      name: "emotions", dependencies: [.product(name: "SerdClient", package: "serd")], path: ".",
      sources: ["main.swift"])
  ],
  swiftLanguageModes: [.v6]
)
