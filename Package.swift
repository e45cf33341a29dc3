// swift-tools-version: 6.0
import PackageDescription

// The rooms of the pipeline, in the order in which data flows through them. A room depends only on rooms above it.
let package = Package(
  name: "serd",
  products: [
    .executable(name: "serd", targets: ["serd"]),
    .executable(name: "sertrain", targets: ["sertrain"]),
    .library(name: "FaultyMicrophone", type: .dynamic, targets: ["FaultyMicrophone"]),  // for tests; libasound loads it
  ],
  dependencies: [
    // Command lines of serd and sertrain. 1.8 builds with Swift 6.0.3, the compiler of Debian 13 and Raspberry Pi OS.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // C libraries, one module map each.
    .systemLibrary(name: "CLinux"),  // system calls that Swift's Glibc module does not show
    .systemLibrary(name: "CSndFile", providers: [.apt(["libsndfile1-dev"])]),  // audio files; header only
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),  // resampling
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),  // microphones
    .systemLibrary(name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),  // SHA-256
    .systemLibrary(name: "CInih", pkgConfig: "inih", providers: [.apt(["libinih-dev"])]),  // configuration
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),  // sd_notify
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),  // trainer only

    // The pipeline.
    .target(name: "CInt8Kernels"),  // int8 convolutions in C, one file per instruction set
    .target(name: "SerdAudio", dependencies: ["CALSA", "CLinux", "CSndFile", "CSoxr"]),
    .target(name: "CFrontEndKernels"),  // the front end's loops in C, one file per instruction set
    .target(name: "SerdFeatures", dependencies: ["CFrontEndKernels"]),
    .target(name: "SerdNetwork", dependencies: ["SerdFeatures", "CInt8Kernels", "CMessageDigest"]),
    .target(name: "SerdDetection"),
    .target(
      name: "SerdService",
      dependencies: ["SerdAudio", "SerdFeatures", "SerdNetwork", "SerdDetection", "CInih", "CLinux", "CSystemd"],
      exclude: ["Events/PROTOCOL.md", "Events/events.schema.json"]),
    .target(name: "CTrainingKernels"),  // the trainer's loops in C, one file per instruction set
    .target(
      name: "SerdTraining",
      dependencies: [
        "SerdAudio", "SerdFeatures", "SerdNetwork", "SerdDetection", "SerdService", "COpenBLAS", "CTrainingKernels",
      ],
      exclude: ["TRAINING.md"]),

    // The programs.
    .executableTarget(
      name: "serd",
      dependencies: ["SerdService", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(
      name: "sertrain",
      dependencies: ["SerdTraining", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(
      name: "SerdBenchmarks", dependencies: ["CLiteRT", "SerdService", "SerdTraining", "SerdTestKit"],
      path: "Benchmarks/SerdBenchmarks"),
    .executableTarget(  // detection's parts on sound of the tools' making
      name: "SerdProbe", dependencies: ["SerdService"], path: "Benchmarks/SerdProbe"),
    .target(name: "CLiteRT", path: "Benchmarks/CLiteRT"),  // the peer that int8 inference is compared with

    // Tests.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .executableTarget(
      name: "LivePathProbe", dependencies: ["CAllocationCounter", "SerdService"], path: "Tests/LivePathProbe"),
    .target(
      name: "FaultyMicrophone", path: "Tests/FaultyMicrophone", cSettings: [.define("PIC"), .define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("asound")]),
    .target(name: "SerdTestKit", dependencies: ["SerdNetwork", "SerdService"]),
    .testTarget(
      name: "SerdAudioTests", dependencies: ["SerdAudio", "SerdTestKit", "CSndFile"],
      linkerSettings: [.linkedLibrary("sndfile")]),
    .testTarget(name: "SerdFeaturesTests", dependencies: ["SerdFeatures", "SerdTestKit", "CFrontEndKernels"]),
    .testTarget(name: "SerdNetworkTests", dependencies: ["SerdNetwork", "CInt8Kernels", "SerdTestKit"]),
    .testTarget(
      name: "SerdDetectionTests", dependencies: ["SerdAudio", "SerdFeatures", "SerdDetection", "SerdTestKit"]),
    .testTarget(name: "SerdServiceTests", dependencies: ["SerdService", "SerdTestKit"]),
    .testTarget(name: "SerdTrainingTests", dependencies: ["SerdTraining", "SerdTestKit", "CTrainingKernels"]),
    .testTarget(name: "EndToEndTests", dependencies: ["SerdService", "SerdTestKit"]),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzers have no main function of their own, and need libFuzzer: only tools/slow-tests/fuzz builds them.
if Context.environment["SERD_FUZZERS"] != nil {
  package.targets.append(
    .executableTarget(name: "serd-fuzz", dependencies: ["SerdService"], path: "Tests/Fuzzing/Targets"))
}
