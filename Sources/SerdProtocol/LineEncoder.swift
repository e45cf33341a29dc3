import FoundationEssentials

/// Makes lines of the protocol. What is in `data` is encoded once; each connection then puts its own `seq` before it.
package struct LineEncoder {
  /// `type` and encoded `data` of a line that may go to many.
  package struct Content: Sendable {
    let type: String
    let data: [UInt8]
  }

  package let clock: EventClock

  package init(clock: EventClock) { self.clock = clock }

  package func content(_ event: Event) -> Content { content(event.type, event.data) }

  package func content(_ type: String, _ data: any Encodable) -> Content {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.userInfo[Timestamp.utcOffset] = clock.utcOffset
    // Strings, booleans and finite numbers (see `Rounded`) always encode.
    return Content(type: type, data: Array(try! encoder.encode(data)))
  }
}

extension LineEncoder.Content {
  /// Without data.
  package init(_ type: String) {
    self.type = type
    data = Array("{}".utf8)
  }

  /// The line's bytes, with its line feed. `seq` counts from 1.
  package func line(seq: Int) -> [UInt8] {
    Array("{\"type\":\"\(type)\",\"seq\":\(seq),\"data\":".utf8) + data + Array("}\n".utf8)
  }
}
