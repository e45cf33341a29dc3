import SerdFeatures
import SerdNetwork

/// The windows of one recording on their way through a crew: collected in batches, classified by whoever has time, and
/// handed out in order. For one thread.
final class SharedWindows {
  /// The first window of a batch is computed whole, each other one from the one before: a hundredth more work. An
  /// encoder computes each whole, and takes longer.
  private let batchSize: Int
  /// Batches under way: so much is read ahead.
  private static let mostUnderWay = 8

  private enum Part {
    case underWay(ticket: Int)
    case done(WindowBatch)
  }

  /// The pipeline's classifier.
  let collector: WindowCollector
  private let classifier: any WindowClassifier
  private let crew: ClassifierCrew
  private var parts: [Part] = []

  /// nil if windows must be classified in their order.
  init?(classifier: any WindowClassifier, memory: (any SpeakerMemory)?, crew: ClassifierCrew) {
    let hasEncoder = classifier.description.hasEncoder
    if hasEncoder, memory != nil { return nil }
    batchSize = hasEncoder ? 8 : 64
    self.classifier = classifier
    self.crew = crew
    collector = WindowCollector(for: classifier)
  }

  /// Takes a window from the pipeline, and hands out what is classified.
  func add(_ window: WindowResult, deliver: (WindowResult) throws -> Void) throws {
    collector.batch.append(window)
    guard collector.batch.results.count == batchSize else { return }
    let batch = takeBatch()
    if let ticket = crew.offer(batch) {
      parts.append(.underWay(ticket: ticket))
    } else {
      parts.append(.done(classified(batch)))
    }
    try handOut(all: false, deliver)
  }

  /// Hands out the rest.
  func finish(deliver: (WindowResult) throws -> Void) throws {
    parts.append(.done(classified(takeBatch())))
    try handOut(all: true, deliver)
  }

  /// Forgets what is under way, when nothing will be handed out any more.
  func abandon() {
    for case .underWay(let ticket) in parts { crew.abandon(ticket) }
    parts = []
  }

  private func takeBatch() -> WindowBatch {
    defer { collector.batch = WindowBatch() }
    return collector.batch
  }

  private func classified(_ batch: WindowBatch) -> WindowBatch {
    var batch = batch
    batch.classify(with: classifier, stream: crew.nextStream())
    return batch
  }

  private func handOut(all: Bool, _ deliver: (WindowResult) throws -> Void) throws {
    while let first = parts.first {
      switch first {
      case .done(let batch):
        parts.removeFirst()
        for window in batch.results { try deliver(window) }
      case .underWay(let ticket):
        let wait = all || parts.count > Self.mostUnderWay
        guard let batch = crew.collect(ticket, waiting: wait, with: classifier) else { return }
        parts[0] = .done(batch)
      }
    }
  }
}
