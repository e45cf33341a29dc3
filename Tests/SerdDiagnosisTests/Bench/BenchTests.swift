import SerdConsole
import SerdDiagnosis
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

@Suite struct BenchTests {
  @Test("repetitions are as many as asked for at least, and in order")
  func repetitions() {
    var count = 0
    let time = RepeatedTime(budget: 0, atLeast: 7) {
      for i in 0..<200_000 { count &+= i & 1 }
    }
    #expect(count >= 7 * 100_000)
    #expect(time.minimum > 0 && time.minimum <= time.median && time.median <= time.p90)
  }

  @Test("a processor is named as its kernel names it")
  func processor() {
    let x86 =
      "processor\t: 0\nvendor_id\t: X\nmodel\t\t: 1\nmodel name\t: Some CPU @ 1 GHz\nprocessor\t: 1\nmodel name\t: other\n"
    #expect(Processor.modelName(in: x86) == "Some CPU @ 1 GHz")
    #expect(Processor.modelName(in: "processor\t: 0\nBogoMIPS\t: 108.00\n") == nil)
    #expect(Processor.modelName(in: "model name\t: \n") == nil)
    #expect(!Processor().name.isEmpty && Processor().cores >= 1)
  }

  @Test("taps outside the image are no work: counted one by one")
  func multiplyAddsInside() {
    let shapes = NetworkArchitecture.paper.layerShapes(frames: 13, coefficients: 7)
    for shape in shapes {
      var taps = 0
      for y in 0..<shape.input.height {
        for x in 0..<shape.input.width {
          for ky in 0..<shape.block.kernel.height {
            for kx in 0..<shape.block.kernel.width {
              let (row, column) = (y + ky - shape.block.kernel.height / 2, x + kx - shape.block.kernel.width / 2)
              let isInside = row >= 0 && row < shape.input.height && column >= 0 && column < shape.input.width
              taps += isInside ? 1 : 0
            }
          }
        }
      }
      #expect(shape.multiplyAddsInside == taps * shape.inputChannels * shape.block.channels, "\(shape.name)")
      #expect(shape.multiplyAddsInside <= shape.multiplyAdds)
    }
  }

  @Test("the peak loop counts what it does", arguments: InstructionSet.available)
  func peak(set: InstructionSet) {
    let one = set.runPeakLoop(rounds: 1)
    #expect(one > 0 && set.runPeakLoop(rounds: 10) == 10 * one)
  }

  @Test("a report in text and JSON: digits that mean something, and a verdict either way")
  func report() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("m", TestModels.quantised(TestModels.narrow(.relu), windowFrames: 64).serialised())
    let time = RepeatedTime(minimum: 1e-6, median: 123.456789e-6, p90: 0.0123456789)
    let stage = BenchReport.Stage(name: "some", group: .network, time: time, multiplyAdds: 1_000_000)
    func report(_ work: Double) throws -> BenchReport {
      BenchReport(
        model: try LoadedModel(path: path), transform: .portable,
        kernels: BenchReport.Kernels(instructionSet: .scalar, peak: 16.2e9),
        memory: BenchReport.Memory(activations: 3000, weights: 1 << 20), stages: [stage],
        hop: BenchReport.Hop(length: 0.512, work: work))
    }
    let good = try report(0.00512)
    #expect(good.text.contains("  some                                    123      12346        8.1       50 %\n"))
    #expect(good.text.contains("takes 1.0 % of one core: 100 times faster than real time."))
    #expect(try report(0.768).text.contains("would take 150.0 % of one core: this machine cannot keep up."))
    #expect(good.text.contains("memory 3 KiB of activations, 1024 KiB of packed weights\n"))
    let json = good.jsonLine()
    #expect(json.contains("\"activation_bytes\":3000,") && json.contains("\"packed_weight_bytes\":1048576,"))
    #expect(
      json.contains("\"median_us\":123.5") && json.contains("\"p90_us\":12350") && json.contains("\"gmac_s\":8.1,"))
    #expect(json.contains("\"peak_share\":0.5}") && json.contains("\"real_time_factor\":0.01,"))
  }
}
