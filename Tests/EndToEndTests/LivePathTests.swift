import Foundation
import SerdEncoder
import SerdFeatures
import SerdTestKit
import Testing

/// What the live path costs in heap allocations, counted by a malloc of our own in a program of its own.
@Suite struct LivePathTests {
  /// The probe's answer, `key=value` by key.
  private func run(
    _ stage: String, hops: Int, transform: TransformKind = .default,
    model: String = OnceTests.root + "/models/emodb.safetensors"
  ) throws -> [String: String] {
    let probe = Program("LivePathProbe", settings: [TransformKind.variable: transform.rawValue])
    let outcome = try probe.run([
      model, OnceTests.root + "/tools/samples/calm.flac", stage, "\(hops)",
    ])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let pairs = outcome.output.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "=") }
    return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
  }

  @Test("capturing, mixing and resampling allocate nothing once warm, in no thread")
  func noAllocationByCapture() throws {
    let frames = SyntheticSignal.harmonics.pcm(seconds: 1).flatMap { [$0, $0] }
    let microphone = try FaultyMicrophone(
      sound: frames.withUnsafeBytes { Array($0) }, format: "S16_LE 48000 2", speed: 4, loops: true)
    let running = try SpeakingProgram(
      "LivePathProbe", [OnceTests.root + "/models/emodb.safetensors", microphone.device, "microphone", "10"],
      environment: FaultyMicrophone.environment)
    let line = try running.line(with: "stage=microphone")
    #expect(line.contains(" hops=10 windows=10 "))
    if line.contains("counted=true") { #expect(line.contains(" allocations=0 "), "\(line)") }
  }

  @Test("from samples to decisions nothing is allocated once warm, not even when emotions begin and end")
  func noAllocationByDetection() throws {
    let answer = try run("detection", hops: 25)
    guard answer["counted"] == "true" else { return }
    #expect(answer["windows"] == "25")
    #expect(try #require(answer["decisions"].flatMap { Int($0) }) >= 6, "ends and beginnings are among them")
    #expect(answer["allocations"] == "0")
  }

  @Test("nor with a speech encoder that follows its speaker", arguments: ["live", "detection"])
  func noAllocationByEncoder(stage: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write("encoder.safetensors", EncoderModel.random(following: SpeakerFollowing()).serialised())
    let answer = try run(stage, hops: 25, model: scratch.path + "/encoder.safetensors")
    guard answer["counted"] == "true" else { return }
    #expect(answer["windows"] == "25" && answer["allocations"] == "0")
  }

  @Test(
    "from samples to probabilities nothing is allocated once warm",
    arguments: ["front-end", "window", "hop", "live", "encoder"],
    TransformKind.allCases)
  func noAllocation(stage: String, transform: TransformKind) throws {
    let answer = try run(stage, hops: 25, transform: transform)
    // A sanitizer brings an allocator of its own.
    guard answer["counted"] == "true" else { return }
    #expect(answer["hops"] == "25" && answer["windows"] == "25", "all hops of this recording are speech")
    #expect(try #require(answer["before"].flatMap { Int($0) }) > 100, "loading the model allocates: the counter counts")
    #expect(answer["allocations"] == "0")
  }
}
