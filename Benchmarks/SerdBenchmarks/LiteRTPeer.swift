import CLiteRT
import Foundation

/// The peer: a TFLite network in LiteRT, one thread.
final class LiteRTPeer {
  private let host: OpaquePointer

  /// - Throws: a sentence that says what LiteRT refused.
  init(library: String, network: String) throws {
    var problem = [CChar](repeating: 0, count: 512)
    guard let host = litert_host_create(library, network, &problem, problem.count) else {
      let text = problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw LiteRTFailure(description: String(decoding: text, as: UTF8.self))
    }
    self.host = host
  }

  deinit { litert_host_destroy(host) }

  /// Sets the input of all runs to come: frames × coefficients, scaled as the network was trained.
  func set(input: [Float]) throws {
    guard litert_host_set_input(host, input, input.count) else {
      throw LiteRTFailure(description: "the peer's network does not take \(input.count) values")
    }
  }

  /// One window. Failures after a first success do not happen.
  func run() { precondition(litert_host_run(host), "LiteRT failed to run a network that it ran before") }

  /// The probabilities of the last run.
  func output(count: Int) throws -> [Float] {
    var values = [Float](repeating: 0, count: count)
    guard litert_host_get_output(host, &values, count) else {
      throw LiteRTFailure(description: "the peer's network does not give \(count) values")
    }
    return values
  }
}

struct LiteRTFailure: Error, CustomStringConvertible {
  let description: String
}
