/// The consumer's end of a `CaptureQueue`: turns what the capture thread put there into readings at the pipeline's
/// rate.
package final class CaptureReader {
  private let queue: CaptureQueue
  /// Samples taken from the queue so far.
  private var position = 0
  /// The mark up to which samples are taken now.
  private var mark: CaptureQueue.Mark?
  /// How many of its samples were at full scale, until the monitor was told.
  private var clipped = 0
  private var state = State.waiting
  private var monitor = SignalMonitor(sampleRate: SampleRate.pipeline)
  private var isCancelling = false
  /// What was told last.
  private var toldSignal = SignalCondition.normal
  /// When the last sample that was taken from the queue was heard.
  private var takenUntil = Int64.min
  private var lastHeardAt = Int64.min
  /// Native samples on their way to the resampler.
  private var block = [Float](repeating: 0, count: 4096)

  private enum State {
    /// There is no device.
    case waiting
    /// The device has the pipeline's rate.
    case copying
    /// It has another rate. `pending` is the part of `block` that the resampler has not seen.
    case resampling(Resampler, rate: Int, pending: Range<Int>)
    /// Sound was interrupted; the resampler holds the last samples before that.
    case flushing(Resampler, rate: Int)
    /// Sound was interrupted; the next sample begins a signal at this rate.
    case interrupted(rate: Int)
  }

  package init(queue: CaptureQueue) { self.queue = queue }

  /// The next reading, nil if there is none yet. Allocates nothing for samples.
  package func take(into buffer: UnsafeMutableBufferPointer<Float>) -> LiveReading? {
    // A change goes out after the samples that showed it.
    if signal != toldSignal {
      toldSignal = signal
      return .signal(signal)
    }
    while let mark = mark ?? nextMark() {
      switch mark.content {
      case .heard(let time, _):
        if let reading = samples(before: mark.position, heardAt: time, into: buffer) { return reading }
        self.mark = nil
      case .gap(let gap):
        if let rest = flush(into: buffer) { return rest }
        self.mark = nil
        return .gap(gap)
      case .device(let condition):
        if let rest = flush(into: buffer) { return rest }
        self.mark = nil
        begin(condition)
        return .device(condition)
      case .cancelling(let isCancelling):
        self.isCancelling = isCancelling
        self.mark = nil
        if signal != toldSignal { return take(into: buffer) }
      }
    }
    return nil
  }

  private func nextMark() -> CaptureQueue.Mark? {
    mark = queue.marks.read()
    if case .heard(_, let count)? = mark?.content { clipped = count }
    return mark
  }

  /// A device came or went.
  private func begin(_ condition: DeviceCondition) {
    guard case .capturing(let native) = condition else { return state = .waiting }
    state = .interrupted(rate: native.sampleRate)
    monitor = SignalMonitor(sampleRate: native.sampleRate)
    isCancelling = false
  }

  /// What is worst comes first.
  private var signal: SignalCondition {
    monitor.condition == .normal && isCancelling ? .cancelling : monitor.condition
  }

  /// The samples up to `end`, of which the last was heard at `time`; nil if there are no more.
  private func samples(
    before end: Int, heardAt time: Int64, into buffer: UnsafeMutableBufferPointer<Float>
  ) -> LiveReading? {
    while true {
      switch state {
      case .waiting:
        preconditionFailure("samples without a device")
      case .interrupted(let rate):
        state = rate == SampleRate.pipeline ? .copying : .resampling(resampler(rate), rate: rate, pending: 0..<0)
      case .flushing(_, let rate):
        state = .interrupted(rate: rate)
      case .copying:
        let count = fill(UnsafeMutableBufferPointer(rebasing: buffer[..<min(buffer.count, end - position)]))
        if count == 0 { return nil }
        takenUntil = time - nanoseconds(end - position, rate: SampleRate.pipeline)
        return reading(count, heardAt: takenUntil)
      case .resampling(let resampler, let rate, let pending):
        if pending.isEmpty {
          let count = block.withUnsafeMutableBufferPointer {
            fill(UnsafeMutableBufferPointer(rebasing: $0[..<min($0.count, end - position)]))
          }
          if count == 0 { return nil }
          takenUntil = time - nanoseconds(end - position, rate: rate)
          state = .resampling(resampler, rate: rate, pending: 0..<count)
        } else {
          let (consumed, produced) = block.withUnsafeBufferPointer {
            resampler.process(UnsafeBufferPointer(rebasing: $0[pending]), into: buffer)
          }
          let rest = pending.dropFirst(consumed)
          state = .resampling(resampler, rate: rate, pending: rest)
          if produced > 0 {
            return reading(produced, heardAt: takenUntil - nanoseconds(rest.count, rate: rate) - delay(of: resampler))
          }
        }
      }
    }
  }

  /// What the resampler still holds when sound is interrupted; nil if nothing.
  private func flush(into buffer: UnsafeMutableBufferPointer<Float>) -> LiveReading? {
    while true {
      switch state {
      case .waiting, .interrupted:
        return nil
      case .copying:
        state = .interrupted(rate: SampleRate.pipeline)
      case .resampling(let resampler, let rate, _):
        state = .flushing(resampler, rate: rate)
      case .flushing(let resampler, let rate):
        let count = resampler.flush(into: buffer)
        if count > 0 { return reading(count, heardAt: takenUntil - delay(of: resampler)) }
        state = .interrupted(rate: rate)
      }
    }
  }

  /// Takes native samples from the queue and looks at them.
  private func fill(_ target: UnsafeMutableBufferPointer<Float>) -> Int {
    let count = queue.samples.read(into: target)
    position += count
    _ = monitor.observe(UnsafeBufferPointer(rebasing: target[..<count]), clipped: clipped)
    clipped = 0
    return count
  }

  private func reading(_ count: Int, heardAt time: Int64) -> LiveReading {
    // The clock is read after each period, sooner or later after its end.
    lastHeardAt = max(lastHeardAt, time)
    return .samples(count: count, heardAt: lastHeardAt)
  }

  private func resampler(_ rate: Int) -> Resampler {
    do throws(AudioError) {
      return try Resampler(from: Double(rate))
    } catch {
      preconditionFailure("the rate was checked when the device was opened: \(error)")
    }
  }

  private func nanoseconds(_ samples: Int, rate: Int) -> Int64 { Int64(samples) * 1_000_000_000 / Int64(rate) }

  private func delay(of resampler: Resampler) -> Int64 {
    Int64(resampler.delay * 1e9 / Double(SampleRate.pipeline))
  }
}
