/// The share of the newest frames in which the gate was open. A ring of as many frames as a window has.
package struct OpenShare: Sendable {
  private var open: [Bool]
  private var next = 0
  private var openCount = 0

  /// - Parameter frames: frames per window.
  package init(frames: Int) {
    precondition(frames > 0, "a share of no frames")
    open = Array(repeating: false, count: frames)
  }

  /// Takes the gate's state after the next frame.
  package mutating func push(_ isOpen: Bool) {
    openCount += (isOpen ? 1 : 0) - (open[next] ? 1 : 0)
    open[next] = isOpen
    next = (next + 1) % open.count
  }

  /// From 0 to 1; frames not seen yet count as closed.
  package var value: Double { Double(openCount) / Double(open.count) }
}
