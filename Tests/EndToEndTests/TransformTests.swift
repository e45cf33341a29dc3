import Foundation
import SerdFeatures
import SerdTestKit
import Testing

/// The choice of the Fourier transform, as a user makes it, and what hangs on it.
@Suite struct TransformTests {
  /// Of the portable transform, which answers alike on every processor, to another one, in a probability.
  static let tolerance = 0.01

  private static let samples = ["agitated", "calm"].map { "\(OnceTests.root)/tools/samples/\($0).flac" }

  /// Probabilities of all windows and of the recording, in order; nil without speech.
  private func answers(_ sample: String, transform: String) throws -> [[String: Double]?] {
    let program = Program("serd", settings: ["SERD_TRANSFORM": transform])
    return try program.run(["--once", sample, "--json", "--windows"]).lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return object["probabilities"] as? [String: Double]
    }
  }

  @Test("Whatever the transform, a recording gets the same answer within the tolerance", arguments: samples)
  func answersAgree(sample: String) throws {
    let expected = try answers(sample, transform: "portable")
    #expect(expected.count > 5)
    for transform in TransformKind.allCases {
      let found = try answers(sample, transform: transform.rawValue)
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        #expect((found == nil) == (expected == nil))
        for (label, probability) in expected ?? [:] {
          #expect(abs(try #require(found?[label]) - probability) <= Self.tolerance, "\(transform) \(label)")
        }
      }
    }
  }

  @Test("A transform that this build does not have is named in a line, with those it has, and ends it with 78")
  func unknown() throws {
    let names = TransformKind.allCases.map(\.rawValue).joined(separator: ", ")
    let problem = "SERD_TRANSFORM: 'fast' is not one of: \(names)"
    let commands = [("serd", ["--once", Self.samples[0]]), ("serd", ["bench"]), ("sertrain", ["recipes"])]
    for (program, arguments) in commands {
      let outcome = try Program(program, settings: ["SERD_TRANSFORM": "fast"]).run(arguments)
      #expect(outcome.status == 78 && outcome.output.isEmpty)
      #expect(outcome.messages.hasPrefix("\(program): the environment variable \(problem)"), "\(outcome.messages)")
      #expect(outcome.messages.split(separator: "\n").count == 1)
    }
    let set = try Program("serd").run(["--once", Self.samples[0], "--set", "transform=fast"])
    #expect(set.status == 78 && set.messages.hasPrefix("serd: --transform: 'fast' is not one of: \(names)"))
  }

  @Test("serd --version says whether FFTW is in the build, and serd bench which transform it timed")
  func named() throws {
    let version = try Program("serd").run(["--version"]).output
    #expect(version.contains(TransformKind.hasFFTW ? ", with FFTW," : ", without FFTW,"))
    let settings = ["SERD_TRANSFORM": "portable"]
    let bench = try Program("serd", settings: settings).run(["bench", "--seconds", "0", "--json"]).output
    #expect(bench.contains("\"transform\":\"portable\""))
  }
}
