extension LiveSource {
  /// Hands on every reading, each with its samples, of which the others have none: until `take` says that it has heard
  /// enough, or the source ended. `.ended` is handed on, too.
  ///
  /// - Parameters:
  ///   - timeout: how long nothing may happen before `.nothing` is handed on.
  ///   - blockLength: how many samples come at once at the most.
  ///   - take: returns whether to go on.
  package func listen(
    timeout: Duration, blockLength: Int = 4096, take: (LiveReading, UnsafeBufferPointer<Float>) throws -> Bool
  ) rethrows {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: blockLength)
    buffer.initialize(repeating: 0)
    defer { buffer.deallocate() }
    while true {
      let reading = next(into: buffer, timeout: timeout)
      var count = 0
      if case .samples(let delivered, _) = reading { count = delivered }
      let goesOn = try take(reading, UnsafeBufferPointer(rebasing: buffer[..<count]))
      if reading == .ended || !goesOn { return }
    }
  }
}
