import SerdLearning
import SerdNetwork
import Testing

/// Names, shapes and layouts of the tensors that go in and out.
@Suite struct ExchangeTests {
  static func network(_ seed: UInt64 = 1) -> TrainableNetwork {
    TrainableNetwork(architecture: .report, frames: 122, coefficients: 40, classes: 7, seed: seed)
  }

  @Test("Every tensor that is exported has PyTorch's name and shape")
  func everyTensorHasPyTorchsNameAndShape() {
    let tensors = Self.network().export()
    #expect(tensors["path1.conv.weight"]?.shape == [32, 1, 11, 1])
    #expect(tensors["path2.conv.weight"]?.shape == [32, 1, 1, 9])
    #expect(tensors["body1.conv.weight"]?.shape == [64, 96, 3, 3])
    #expect(tensors["body5.bn.running_var"]?.shape == [320])
    #expect(tensors["head.weight"]?.shape == [7, 320])
    #expect(tensors["body1.conv.bias"] == nil)
    let trainable = tensors.filter { !$0.key.contains("running") }.values.reduce(0) { $0 + $1.values.count }
    #expect(trainable == NetworkArchitecture.report.trainableParameters(classes: 7))
  }

  @Test("A network loaded with another's tensors has its parameters and running statistics")
  func loadRestoresWhatExportGave() throws {
    let (source, target) = (Self.network(1), Self.network(2))
    source.runningStatistics = source.runningStatistics.indices.map { Float($0) * 0.25 }
    try target.load(source.export())
    #expect(target.parameters == source.parameters)
    #expect(target.runningStatistics == source.runningStatistics)
  }

  @Test("Tensors that are missing, too many, of a wrong shape or no numbers are refused and change nothing")
  func badTensorsAreRefusedAndChangeNothing() {
    let network = Self.network()
    let before = network.parameters
    let good = Self.network(2).export()
    var cases: [[String: (shape: [Int], values: [Float])]] = []
    cases.append(good.filter { $0.key != "body3.bn.bias" })
    cases.append(good.merging(["body6.conv.weight": ([1], [0])]) { $1 })
    cases.append(good.merging(["head.bias": ([6], Array(repeating: 0, count: 6))]) { $1 })
    cases.append(good.merging(["head.bias": ([7], Array(repeating: .nan, count: 7))]) { $1 })
    cases.append(good.merging(["head.bias": ([7], Array(repeating: 0, count: 3))]) { $1 })
    for tensors in cases {
      #expect(throws: ModelFileError.self) { try network.load(tensors) }
    }
    #expect(network.parameters == before)
  }

  @Test("Weights start with He's variance, slopes at 0.25, batch norm at one")
  func weightsStartHeNormal() {
    let network = Self.network()
    let weights = network.export()["body1.conv.weight"]!.values
    let variance = weights.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(weights.count)
    // 55,296 samples: the standard error of the variance is 0.6 %.
    #expect(abs(variance * 864 / 2 - 1) < 0.03)
    #expect(network.export()["path1.act.weight"]!.values.allSatisfy { $0 == 0.25 })
    #expect(network.export()["body2.bn.weight"]!.values.allSatisfy { $0 == 1 })
    #expect(network.export()["body2.bn.running_var"]!.values.allSatisfy { $0 == 1 })
  }
}
