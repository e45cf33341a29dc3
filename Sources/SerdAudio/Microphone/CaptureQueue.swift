import SerdSystem

/// What a capture thread hands to the consumer: mono samples at the device's rate, and between them marks for
/// everything else, in the order in which it happened.
///
/// The capture thread never waits for the consumer: what does not fit is dropped, and the consumer is told as a gap.
package final class CaptureQueue: Sendable {
  /// Something at a place in the stream of samples.
  struct Mark: Sendable {
    /// How many samples were put into the queue before it.
    let position: Int
    let content: Content
  }

  enum Content: Sendable {
    /// The sample before the mark was heard then, in nanoseconds of CLOCK_MONOTONIC. Of the samples since the last mark
    /// so many were at full scale in some channel.
    case heard(at: Int64, clipped: Int)
    case gap(Gap)
    case device(DeviceCondition)
    /// From here on the channels cancel each other, and one alone is heard; or they do no longer.
    case cancelling(Bool)
  }

  package let samples: RingBuffer<Float>
  let marks: RingBuffer<Mark>
  /// Signalled after every mark.
  let wakeUp: WakeUp

  /// Room for 1.4 s of 48 kHz sound or 4 s of 16 kHz, 256 KiB; the device's own buffer comes on top.
  package static let defaultCapacity = 65_536

  package init(capacity: Int = CaptureQueue.defaultCapacity) throws(Errno) {
    wakeUp = try WakeUp()
    samples = RingBuffer(capacity: capacity)
    marks = RingBuffer(capacity: 1024)
  }
}

/// The capture thread's end of a `CaptureQueue`: it also accounts for time without sound.
package struct CaptureWriter {
  private let queue: CaptureQueue
  /// Samples put into the queue so far.
  private var position = 0
  /// Until when there is sound without a gap, in nanoseconds of CLOCK_MONOTONIC.
  private var heardUntil: Int64
  /// How long the machine had slept by then since its start, in nanoseconds.
  private var asleepUntil: Int64
  /// Why the next samples do not follow the last ones, if so.
  private var gap: Gap.Cause?
  /// What was told last.
  private var isCancelling = false
  /// Conditions that found no room; they go before anything else.
  private var waiting: [DeviceCondition] = []

  /// A shorter sleep may be what `MonotonicClock.asleep` is off by.
  private static let shortestSleep: Int64 = 10_000_000

  /// - Parameter asleep: `MonotonicClock.asleep`.
  package init(queue: CaptureQueue, now: Int64, asleep: Int64) {
    self.queue = queue
    heardUntil = now
    asleepUntil = asleep
  }

  /// Says that what comes next will not follow what came before. Of several causes the device's loss is the one told.
  package mutating func interrupt(_ cause: Gap.Cause) {
    if gap != .deviceLost { gap = cause }
  }

  /// Reports a change of the device. Allocates.
  package mutating func report(_ condition: DeviceCondition) {
    isCancelling = false
    waiting.append(condition)
    flush()
  }

  /// Passes on samples; or all of them become part of a gap.
  ///
  /// - Parameters:
  ///   - clipped: how many of them were at full scale in some channel.
  ///   - heardAt: when the last of them was heard.
  ///   - asleep: `MonotonicClock.asleep`. Not every driver says that the machine slept.
  package mutating func append(
    _ block: UnsafeBufferPointer<Float>, clipped: Int, heardAt: Int64, asleep: Int64, sampleRate: Int
  ) {
    guard !block.isEmpty else { return }
    flush()
    let slept = asleep - asleepUntil > Self.shortestSleep ? asleep - asleepUntil : 0
    if slept > 0 { interrupt(.deviceLost) }
    // A gap and the time of the block each take a mark.
    guard waiting.isEmpty, queue.samples.room >= block.count, queue.marks.room >= 2 else {
      return interrupt(.overrun)
    }
    if let cause = gap {
      let start = heardAt - Int64(block.count) * 1_000_000_000 / Int64(sampleRate)
      put(.gap(Gap(cause: cause, seconds: Double(max(0, start - heardUntil) + slept) / 1e9)))
      gap = nil
    }
    position += queue.samples.write(block)
    heardUntil = heardAt
    asleepUntil = asleep
    put(.heard(at: heardAt, clipped: clipped))
    queue.wakeUp.signal()
  }

  /// Says whether the channels cancel each other, if that is another than before. A device begins without.
  package mutating func report(cancelling: Bool) {
    guard cancelling != isCancelling, queue.marks.room > 0 else { return }
    isCancelling = cancelling
    put(.cancelling(cancelling))
    queue.wakeUp.signal()
  }

  private mutating func flush() {
    guard !waiting.isEmpty else { return }
    var sent = 0
    while sent < waiting.count, queue.marks.room > 0 {
      put(.device(waiting[sent]))
      sent += 1
    }
    waiting.removeFirst(sent)
    queue.wakeUp.signal()
  }

  private func put(_ content: CaptureQueue.Content) {
    let isWritten = queue.marks.write(CaptureQueue.Mark(position: position, content: content))
    precondition(isWritten, "a mark was put into a full queue")
  }
}
