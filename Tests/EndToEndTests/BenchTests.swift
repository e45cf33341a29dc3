import Foundation
import SerdNetwork
import SerdTestKit
import Testing

/// `serd bench`, run as a user runs it. No test looks at how long anything took.
@Suite struct BenchTests {
  let serd = Program("serd")

  private func object(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try serd.run(["bench", "--json", "--seconds", "0.1"] + arguments)
    #expect(outcome.status == 0 && outcome.messages.isEmpty && outcome.lines.count == 1)
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test("JSON has every layer once, with times, speeds and shares of the peak")
  func json() throws {
    let answer = try object([])
    #expect(answer["type"] as? String == "bench")
    #expect(answer["instruction_set"] as? String == InstructionSet.best.name)
    #expect(answer["available_instruction_sets"] as? [String] == InstructionSet.available.map(\.name))
    #expect(answer["hop_s"] as? Double == 0.512)
    #expect(try #require(answer["peak_gmac_s"] as? Double) > 0)
    #expect(try #require(answer["real_time_factor"] as? Double) > 0)
    let stages = try #require(answer["stages"] as? [[String: Any]])
    let names = stages.compactMap { $0["name"] as? String }
    #expect(Set(names).count == stages.count)
    for layer in ["path1", "path2", "path3", "body1", "body2", "body3", "body4", "body5"] {
      #expect(names.filter { $0.hasPrefix("\(layer):") }.count == 1, "\(layer)")
    }
    for stage in stages {
      let (median, p90) = (stage["median_us"] as? Double, stage["p90_us"] as? Double)
      #expect(try #require(median) > 0 && p90! >= median!)
      let isAboutProducts =
        (stage["name"] as! String).contains("→") || stage["name"] as? String == "a window from scratch"
      #expect((stage["gmac_s"] != nil) == isAboutProducts && (stage["peak_share"] != nil) == isAboutProducts)
    }
  }

  @Test("the table fits on a terminal of 80 columns and 40 lines, and ends with what it means")
  func table() throws {
    let outcome = try serd.run(["bench", "--seconds", "0.1"])
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < 40)
    // The first line holds the processor's name, as long as its maker made it.
    for line in lines.dropFirst() { #expect(line.count <= 80, "\(line)") }
    #expect(outcome.output.contains("kernels \(InstructionSet.best.name)"))
    #expect(try #require(outcome.lines.last).contains("of one core"))
  }

  @Test("every instruction set of this processor can be forced", arguments: InstructionSet.available)
  func forced(set: InstructionSet) throws {
    #expect(try object(["--instruction-set", set.name])["instruction_set"] as? String == set.name)
  }

  @Test("an unknown instruction set, and one that this processor lacks, are usage errors that list what there is")
  func unknown() throws {
    let outcome = try serd.run(["bench", "--instruction-set", "mmx"])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    for set in InstructionSet.allCases { #expect(outcome.messages.contains(set.name)) }
    let lacking = try #require(InstructionSet.allCases.first { !$0.isAvailable })
    let refused = try serd.run(["bench", "--instruction-set", lacking.name])
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(refused.messages.contains("this processor has no \(lacking.name)"))
    #expect(try serd.run(["bench", "--seconds", "-1"]).status == 64)
  }

  @Test("another model is measured, wherever --model stands; a missing one is no input")
  func model() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("m", TestModels.quantised(TestModels.narrow(.prelu), windowFrames: 64).serialised())
    let answer = try object(["--model", path])
    #expect((answer["model"] as? [String: Any])?["name"] as? String == "test")
    let missing = try serd.run(["bench", "--model", folder.path + "/none"])
    #expect(missing.status == 66 && missing.output.isEmpty && missing.messages.contains("--model"))
  }

  @Test("--version names the instruction set")
  func version() throws {
    #expect(try serd.run(["--version"]).output.contains("int8 kernels: \(InstructionSet.best.name))"))
  }
}
