// swift-tools-version: 6.0
import PackageDescription

// Fuzzers of what strangers can send, apart from the main package because everything here is built with libFuzzer and
// AddressSanitizer: `tools/slow-tests/fuzz` does. `Sources` is a link to the main package's; its targets are listed again,
// but for what the fuzzers do not need.
let package = Package(
  name: "serd",
  targets: [
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
    .systemLibrary(name: "CSndFile", path: "Sources/CSndFile", pkgConfig: "sndfile"),
    .systemLibrary(name: "CSoxr", path: "Sources/CSoxr", pkgConfig: "soxr"),
    .systemLibrary(name: "CALSA", path: "Sources/CALSA", pkgConfig: "alsa"),
    .systemLibrary(name: "CFFTW", path: "Sources/CFFTW", pkgConfig: "fftw3f"),
    .systemLibrary(name: "CMessageDigest", path: "Sources/CMessageDigest", pkgConfig: "libmd"),
    .systemLibrary(name: "CInih", path: "Sources/CInih", pkgConfig: "inih"),
    .systemLibrary(name: "CSystemd", path: "Sources/CSystemd", pkgConfig: "libsystemd"),
    .target(name: "CInt8Kernels"),
    .target(name: "SerdAudio", dependencies: ["CALSA", "CLinux", "CSndFile", "CSoxr"]),
    .target(name: "SerdFeatures", dependencies: ["CFFTW"]),
    .target(name: "SerdNetwork", dependencies: ["SerdFeatures", "CInt8Kernels", "CMessageDigest"]),
    .target(name: "SerdDetection"),
    .target(
      name: "SerdService",
      dependencies: ["SerdAudio", "SerdFeatures", "SerdNetwork", "SerdDetection", "CInih", "CLinux", "CSystemd"],
      exclude: ["Events/PROTOCOL.md", "Events/events.schema.json"]),

    // Its main function is libFuzzer's.
    .executableTarget(name: "serd-fuzz", dependencies: ["SerdService"], path: "Targets"),
  ],
  swiftLanguageModes: [.v6]
)
