import SerdSystem

/// Runs a command; what goes wrong becomes one line on stderr. Returns the status to end with, or nil if all went well.
///
/// - Parameter readerMayLeave: whether a reader of standard output that went away is no error: for commands that go on
///   until they are ended.
package func explaining(readerMayLeave: Bool = false, _ body: () throws -> Void) throws -> ExitStatus? {
  do {
    try body()
    return nil
  } catch let error as OutputError where readerMayLeave && error.isReaderGone {
    return nil
  } catch let error as any ExplainedError {
    Output.warn(error.description)
    return ExitStatus(error.cause)
  }
}
