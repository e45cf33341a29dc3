// swift-tools-version: 6.0
import PackageDescription

// `SERD_WITHOUT_FFTW=1 swift build` leaves FFTW out, and with it the GPL; the front end's portable transform remains.
let hasFFTW = Context.environment["SERD_WITHOUT_FFTW"] == nil

// The rooms of the pipeline, in the order in which data flows through them. A room depends only on rooms above it.
let package = Package(
  name: "serd",
  products: [
    .executable(name: "serd", targets: ["serd"]),
    .executable(name: "serd-web", targets: ["serd-web"]),
    .executable(name: "sertrain", targets: ["sertrain"]),
    .library(name: "SerdClient", targets: ["SerdClient", "SerdProtocol"]),  // for programs that read events
    .library(name: "FaultyMicrophone", type: .dynamic, targets: ["FaultyMicrophone"]),  // for tests; libasound loads it
  ],
  dependencies: [
    // Command lines of the programs. 1.8 builds with Swift 6.0.3, the compiler of Debian 13 and Raspberry Pi OS.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // C libraries, one module map each.
    .systemLibrary(name: "CLinux"),  // system calls that Swift's Glibc module does not show
    .systemLibrary(name: "CSndFile", providers: [.apt(["libsndfile1-dev"])]),  // audio files; header only
    .systemLibrary(name: "CMPG123", providers: [.apt(["libmpg123-dev"])]),  // MP3 files; header only
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),  // resampling
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),  // microphones
    .systemLibrary(name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),  // SHA-256
    .systemLibrary(name: "CInih", pkgConfig: "inih", providers: [.apt(["libinih-dev"])]),  // configuration
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),  // sd_notify
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),  // serd-web only
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),  // trainer only

    // The pipeline: from the microphone to an emotion.
    .target(name: "SerdSystem", dependencies: ["CLinux"]),  // the operating system, wrapped once
    .target(name: "SerdAudio", dependencies: ["SerdSystem", "CALSA", "CLinux", "CMPG123", "CSndFile", "CSoxr"]),
    .target(name: "CFrontEndKernels"),  // the front end's loops in C, one file per instruction set
    .target(
      name: "SerdFeatures", dependencies: ["CFrontEndKernels"] + (hasFFTW ? ["CFFTW"] : []),
      swiftSettings: hasFFTW ? [.define("FFTW")] : []),
    .target(name: "SerdDetection"),
    .target(name: "CInt8Kernels"),  // int8 convolutions in C, one file per instruction set
    .target(name: "SerdNetwork", dependencies: ["SerdSystem", "SerdFeatures", "CInt8Kernels", "CMessageDigest"]),
    .target(name: "CEncoderKernels"),  // the encoder's loops in single precision, one file per instruction set
    .target(  // a pretrained speech encoder: log-mel, transformer blocks, pooled features
      name: "SerdEncoder",
      dependencies: [
        "SerdSystem", "SerdFeatures", "SerdNetwork", "CFrontEndKernels", "CInt8Kernels", "CEncoderKernels",
      ]),
    .target(
      name: "SerdPipeline",
      dependencies: ["SerdSystem", "SerdAudio", "SerdFeatures", "SerdDetection", "SerdNetwork", "SerdEncoder"]),

    // Who tells what was heard, and who reads it.
    .target(
      name: "SerdProtocol", dependencies: ["SerdSystem"], exclude: ["PROTOCOL.md", "events.schema.json"]),
    .target(name: "SerdConsole", dependencies: ["SerdSystem"]),  // output, exit codes, tables, typed words
    .target(name: "SerdConfiguration", dependencies: ["SerdSystem", "SerdConsole", "CInih"]),  // keys, layers, files
    .target(name: "SerdClient", dependencies: ["SerdSystem", "SerdProtocol", "SerdConsole"]),
    .target(
      name: "SerdServer",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdDetection", "SerdNetwork", "SerdPipeline", "SerdProtocol",
        "SerdConsole", "SerdConfiguration", "CLinux", "CSystemd",
      ]),
    .target(  // the page: a client of the daemon, with the network that the daemon does not have
      name: "SerdWeb",
      dependencies: [
        "SerdSystem", "SerdProtocol", "SerdConsole", "SerdConfiguration", "SerdClient", "SerdDetection", "CSQLite",
        "CSystemd", "CLinux",
      ],
      resources: [.embedInCode("Page/Files")]),
    .target(
      name: "SerdDiagnosis",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdDetection", "SerdNetwork", "SerdEncoder", "SerdPipeline",
        "SerdProtocol", "SerdConsole", "SerdConfiguration", "SerdClient", "SerdServer",
      ]),
    .target(  // answers about recordings, for people and programs
      name: "SerdRecordings",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdDetection", "SerdNetwork", "SerdPipeline", "SerdConsole",
      ]),

    // The trainer.
    .target(  // labelled speech, and how it is split
      name: "SerdCorpora", dependencies: ["SerdSystem", "SerdAudio", "SerdNetwork"]),
    .target(name: "CTrainingKernels"),  // the trainer's loops in C, one file per instruction set
    .target(  // networks in float: layers, optimisers, quantisation, exchange
      name: "SerdLearning",
      dependencies: ["SerdSystem", "SerdFeatures", "SerdNetwork", "COpenBLAS", "CTrainingKernels"]),
    .target(
      name: "SerdTraining",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdNetwork", "SerdEncoder", "SerdDetection", "SerdPipeline",
        "SerdCorpora", "SerdLearning", "SerdConsole", "CTrainingKernels",
      ]),

    // The programs.
    .executableTarget(
      name: "serd",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdNetwork", "SerdDetection", "SerdPipeline", "SerdProtocol",
        "SerdConsole", "SerdConfiguration", "SerdClient", "SerdServer", "SerdDiagnosis", "SerdRecordings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "serd-web",
      dependencies: [
        "SerdSystem", "SerdProtocol", "SerdConsole", "SerdConfiguration", "SerdWeb",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "sertrain",
      dependencies: [
        "SerdSystem", "SerdAudio", "SerdFeatures", "SerdNetwork", "SerdEncoder", "SerdCorpora", "SerdLearning",
        "SerdTraining", "SerdConsole", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "SerdBenchmarks",
      dependencies: ["CLiteRT", "SerdSystem", "SerdDiagnosis", "SerdLearning", "SerdEncoder", "SerdTestKit"],
      path: "Benchmarks/SerdBenchmarks"),
    .executableTarget(  // detection's parts on sound of the tools' making
      name: "SerdProbe", dependencies: ["SerdServer"], path: "Benchmarks/SerdProbe"),
    .target(name: "CLiteRT", path: "Benchmarks/CLiteRT"),  // the peer that int8 inference is compared with

    // Tests.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .executableTarget(
      name: "LivePathProbe", dependencies: ["CAllocationCounter", "SerdDiagnosis", "SerdEncoder", "SerdTestKit"],
      path: "Tests/LivePathProbe"),
    .target(
      name: "FaultyMicrophone", path: "Tests/FaultyMicrophone", cSettings: [.define("PIC"), .define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("asound")]),
    .target(
      name: "SerdTestKit",
      dependencies: [
        "SerdAudio", "SerdFeatures", "SerdNetwork", "SerdEncoder", "SerdPipeline", "SerdProtocol", "SerdServer",
        "SerdClient",
      ],
      path: "Tests/SerdTestKit"),
    .testTarget(name: "SerdSystemTests", dependencies: ["SerdSystem", "SerdTestKit"]),
    .testTarget(name: "SerdConsoleTests", dependencies: ["SerdSystem", "SerdConsole"]),
    .testTarget(name: "SerdProtocolTests", dependencies: ["SerdProtocol"]),
    .testTarget(
      name: "SerdAudioTests", dependencies: ["SerdAudio", "SerdTestKit", "CSndFile"],
      linkerSettings: [.linkedLibrary("sndfile")]),
    .testTarget(name: "SerdFeaturesTests", dependencies: ["SerdFeatures", "SerdTestKit", "CFrontEndKernels"]),
    .testTarget(name: "SerdNetworkTests", dependencies: ["SerdNetwork", "CInt8Kernels", "SerdTestKit"]),
    .testTarget(
      name: "SerdEncoderTests",
      dependencies: ["SerdEncoder", "SerdFeatures", "SerdNetwork", "CEncoderKernels", "CInt8Kernels", "SerdTestKit"]),
    .testTarget(
      name: "SerdDetectionTests", dependencies: ["SerdAudio", "SerdFeatures", "SerdDetection", "SerdTestKit"]),
    .testTarget(
      name: "SerdPipelineTests",
      dependencies: ["SerdAudio", "SerdFeatures", "SerdDetection", "SerdNetwork", "SerdPipeline", "SerdTestKit"]),
    .testTarget(
      name: "SerdServerTests",
      dependencies: [
        "SerdAudio", "SerdDetection", "SerdPipeline", "SerdProtocol", "SerdConfiguration", "SerdServer", "SerdTestKit",
      ]),
    .testTarget(
      name: "SerdWebTests",
      dependencies: ["SerdSystem", "SerdProtocol", "SerdConfiguration", "SerdWeb", "SerdTestKit"]),
    .testTarget(name: "SerdClientTests", dependencies: ["SerdProtocol", "SerdClient", "SerdTestKit"]),
    .testTarget(
      name: "SerdDiagnosisTests",
      dependencies: ["SerdFeatures", "SerdNetwork", "SerdPipeline", "SerdConsole", "SerdDiagnosis", "SerdTestKit"]),
    .testTarget(name: "SerdCorporaTests", dependencies: ["SerdSystem", "SerdCorpora", "SerdTestKit"]),
    .testTarget(name: "SerdLearningTests", dependencies: ["SerdLearning", "SerdTestKit", "CTrainingKernels"]),
    .testTarget(name: "SerdTrainingTests", dependencies: ["SerdTraining", "SerdTestKit"]),
    .testTarget(
      name: "SerdRecordingsTests",
      dependencies: ["SerdSystem", "SerdDetection", "SerdPipeline", "SerdRecordings", "SerdTestKit"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "SerdAudio", "SerdServer", "SerdClient", "SerdDiagnosis", "SerdRecordings", "SerdEncoder", "SerdFeatures",
        "SerdTestKit",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzers have no main function of their own, and need libFuzzer: only tools/slow-tests/fuzz builds them.
if Context.environment["SERD_FUZZERS"] != nil {
  package.targets.append(
    .executableTarget(name: "serd-fuzz", dependencies: ["SerdServer"], path: "Tests/Fuzzing/Targets"))
}

if hasFFTW {
  package.targets.append(
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]))  // Fourier transform
}
