/// An ONNX model in the making: nodes and weights in order, then its bytes (onnx.proto3 of ONNX IR version 7, operator
/// set 13).
///
/// Only what a feed-forward network needs.
struct ONNXGraph {
  /// What the elements of a tensor are, by the numbers of `TensorProto.DataType`.
  private enum Element: Int {
    case float = 1
    case int8 = 3
    case int32 = 6
  }

  /// What an operator is told besides its inputs.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  /// A side of an input or output.
  enum Side {
    case fixed(Int)
    /// Any length, under a name.
    case named(String)
  }

  /// Versions that every runtime of the last years reads: nothing newer is needed.
  static let (irVersion, operatorSet) = (7, 13)

  private var graph = ProtobufWriter()

  /// Adds a weight.
  mutating func weight(_ name: String, shape: [Int], _ values: [Float]) {
    tensor(name, shape, .float, values.withUnsafeBytes { Array($0) })
  }

  /// Adds a weight in int8.
  mutating func weight(_ name: String, shape: [Int], int8s values: [Int8]) {
    tensor(name, shape, .int8, values.map { UInt8(bitPattern: $0) })
  }

  /// Adds a weight in int32.
  mutating func weight(_ name: String, shape: [Int], int32s values: [Int32]) {
    tensor(name, shape, .int32, values.map(\.littleEndian).withUnsafeBytes { Array($0) })
  }

  private mutating func tensor(_ name: String, _ shape: [Int], _ element: Element, _ bytes: [UInt8]) {
    graph.message(5) { tensor in
      for side in shape { tensor.integer(1, side) }
      tensor.integer(2, element.rawValue)
      tensor.text(8, name)
      tensor.data(9, bytes)
    }
  }

  /// Adds an operation with one output, and returns the output's name.
  mutating func node(
    _ type: String, _ inputs: [String], output: String, attributes: [(String, Attribute)] = []
  ) -> String {
    graph.message(1) { node in
      for input in inputs { node.text(1, input) }
      node.text(2, output)
      node.text(3, output)
      node.text(4, type)
      for (name, attribute) in attributes {
        node.message(5) { field in
          field.text(1, name)
          switch attribute {
          case .float(let value):
            field.float(2, value)
            field.integer(20, 1)
          case .integer(let value):
            field.integer(3, value)
            field.integer(20, 2)
          case .integers(let values):
            for value in values { field.integer(8, value) }
            field.integer(20, 7)
          }
        }
      }
    }
    return output
  }

  /// Declares an input of the network.
  mutating func input(_ name: String, _ shape: [Side]) { value(11, name, shape) }

  /// Declares an output of the network.
  mutating func output(_ name: String, _ shape: [Side]) { value(12, name, shape) }

  private mutating func value(_ field: Int, _ name: String, _ shape: [Side]) {
    graph.message(field) { value in
      value.text(1, name)
      value.message(2) { type in
        type.message(1) { tensor in
          tensor.integer(1, Element.float.rawValue)
          tensor.message(2) { sides in
            for side in shape {
              sides.message(1) { dimension in
                switch side {
                case .fixed(let length): dimension.integer(1, length)
                case .named(let name): dimension.text(2, name)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The file's bytes.
  func serialised(name: String, metadata: [String: String]) -> [UInt8] {
    var graph = graph
    graph.text(2, name)
    var model = ProtobufWriter()
    model.integer(1, Self.irVersion)
    model.text(2, "sertrain")
    model.data(7, graph.bytes)
    model.message(8) { set in
      set.text(1, "")
      set.integer(2, Self.operatorSet)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      model.message(14) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    return model.bytes
  }
}
