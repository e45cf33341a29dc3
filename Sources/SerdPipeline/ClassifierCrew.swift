import SerdNetwork
import SerdSystem

/// Threads that classify windows which others have read. Decoding, resampling and features of a recording must be done
/// in order, by one thread; its windows can be classified anywhere, with the same bits.
///
/// Whoever reads offers batches and takes back what nobody has begun, so it never waits while there is work. What waits
/// is bounded.
package final class ClassifierCrew: Sendable {
  /// Batches that wait for each thread that might come for them.
  private static let waitingForEach = 2

  private struct State: Sendable {
    var waiting: [(ticket: Int, batch: WindowBatch)] = []
    var done: [Int: WindowBatch] = [:]
    /// Under way, and wanted by nobody.
    var abandoned: Set<Int> = []
    var tickets = 0
    var threads: [WorkThread] = []
    var hasStarted = false
    var isClosed = false
  }

  private let state = Monitor(State())
  private let capacity: Int
  private let helpers: Int
  private let makeClassifier: @Sendable () -> any WindowClassifier

  /// - Parameters:
  ///   - helpers: threads to start when the first batch is offered: a short recording has none.
  ///   - guests: other threads that will `help`.
  package init(helpers: Int, guests: Int = 0, makeClassifier: @escaping @Sendable () -> any WindowClassifier) {
    self.helpers = helpers
    self.makeClassifier = makeClassifier
    capacity = (helpers + guests) * Self.waitingForEach
  }

  /// Helps with batches of others until `isOver` says so, which is asked again after `wakeUp`.
  ///
  /// - Parameter classifier: asked for when there is work.
  package func help(with classifier: () -> any WindowClassifier, until isOver: () -> Bool) {
    while true {
      let next = state.wait { state -> (ticket: Int, batch: WindowBatch)?? in
        if state.isClosed || isOver() { return .some(nil) }
        return state.waiting.isEmpty ? nil : .some(state.waiting.removeFirst())
      }
      guard let next else { return }
      perform(next, classifier())
    }
  }

  /// Makes those who help ask whether it is over.
  package func wakeUp() { state.change { _ in } }

  /// Ends the crew's own threads, and waits for them.
  package func close() {
    let threads = state.change { state in
      state.isClosed = true
      defer { state.threads = [] }
      return state.threads
    }
    for thread in threads { thread.join() }
  }

  /// Leaves a batch to the crew; nil if enough of them wait already.
  func offer(_ batch: WindowBatch) -> Int? {
    let (ticket, isFirst) = state.change { state -> (Int?, Bool) in
      guard state.waiting.count < capacity else { return (nil, false) }
      state.tickets += 1
      state.waiting.append((state.tickets, batch))
      defer { state.hasStarted = true }
      return (state.tickets, !state.hasStarted)
    }
    if isFirst { start() }
    return ticket
  }

  /// The classified batch, if it is there; with `waiting`, helps and waits until it is.
  func collect(_ ticket: Int, waiting: Bool, with classifier: any WindowClassifier) -> WindowBatch? {
    while true {
      let (own, other) = state.wait { state -> (WindowBatch?, (ticket: Int, batch: WindowBatch)?)? in
        if let batch = state.done.removeValue(forKey: ticket) { return (batch, nil) }
        if !waiting { return (nil, nil) }
        return state.waiting.isEmpty ? nil : (nil, state.waiting.removeFirst())
      }
      if let own { return own }
      guard let other else { return nil }
      perform(other, classifier)
    }
  }

  /// Forgets a batch, whose reader has failed.
  func abandon(_ ticket: Int) {
    state.change { state in
      if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
        state.waiting.remove(at: index)
      } else if state.done.removeValue(forKey: ticket) == nil {
        state.abandoned.insert(ticket)
      }
    }
  }

  /// A number for `WindowBatch.classify`.
  func nextStream() -> Int {
    state.change { state in
      state.tickets += 1
      return state.tickets
    }
  }

  private func perform(_ work: (ticket: Int, batch: WindowBatch), _ classifier: any WindowClassifier) {
    var batch = work.batch
    batch.classify(with: classifier, stream: work.ticket)
    state.change { state in
      if state.abandoned.remove(work.ticket) == nil { state.done[work.ticket] = batch }
    }
  }

  private func start() {
    // Where the system has no thread left, whoever reads does it all.
    let threads = (0..<helpers).compactMap { _ in
      try? WorkThread(name: "serd-network") { [self] in
        let classifier = makeClassifier()
        help(with: { classifier }, until: { false })
      }
    }
    state.change { $0.threads += threads }
  }
}
