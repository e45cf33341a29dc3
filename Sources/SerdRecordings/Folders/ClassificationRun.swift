import Glibc
import SerdAudio
import SerdConsole
import SerdPipeline
import SerdSystem

/// Many recordings, on all processors, their lines in the order of the list.
///
/// Each thread hears recordings of its own. None is begun that is far ahead of what is written, so memory does not grow
/// with the list; whoever may begin none helps with the windows of a long one.
package struct ClassificationRun {
  /// How it ended.
  package enum End: Equatable {
    /// All recordings have their lines.
    case done
    /// A signal came; whole lines are written.
    case interrupted(signal: Int32)
  }

  /// What went wrong, if anything.
  package private(set) var failures = Failures()

  /// Counts of what went wrong.
  package struct Failures: Equatable {
    /// Recordings that could not be heard.
    package var recordings = 0
    /// Those whose files beside them could not be written.
    package var timelines = 0

    /// None.
    package init() {}
  }

  /// Recordings begun for each thread, that are not written.
  private static let aheadForEach = 8

  private let files: [String]
  private let threads: Int
  private let settings: HearingSettings
  private let writer: RowWriter
  private let timelines: TimelineFiles
  private let sound: PageSound

  /// - Parameters:
  ///   - threads: how many recordings are heard at once.
  ///   - sound: what pages play.
  package init(
    _ files: [String], threads: Int, settings: HearingSettings, writer: RowWriter, timelines: TimelineFiles,
    sound: PageSound = .linked
  ) {
    self.files = files
    self.threads = threads
    self.settings = settings
    self.writer = writer
    self.timelines = timelines
    self.sound = sound
  }

  /// The outcome of one recording.
  private struct Finished: Sendable {
    var lines: String
    var messages: [String] = []
    var isHeard = true
    var hasTimelines = true
  }

  private struct Schedule: Sendable {
    var next = 0
    var written = 0
    var done: [Int: Finished] = [:]
    var isStopped = false
  }

  /// Runs to the end, or to a signal. Where `write` throws, it ends with that error.
  package mutating func run(signals: SignalQueue, write: (String) throws -> Void) throws -> End {
    let schedule = Monitor(Schedule())
    let bell = try WakeUp()
    let settings = settings
    let crew = ClassifierCrew(helpers: 0, guests: threads - 1) { settings.makeClassifier() }
    defer {
      schedule.change { $0.isStopped = true }
      crew.close()
    }
    try start(schedule, bell, crew)
    var progress = ProgressLine()
    var written = 0
    while written < files.count {
      bell.clear()
      let ready = schedule.change { state in Self.takeReady(&state) }
      if let signal = signals.next() {
        progress.clear()
        return .interrupted(signal: signal)
      }
      if ready.isEmpty {
        progress.update { progressText(written, $0) }
        let timeout: Duration = progress.isShown ? .milliseconds(ProgressLine.interval) : .seconds(3600)
        _ = Descriptors.awaitReadable(bell.number, signals.descriptor, timeout: timeout)
        continue
      }
      progress.clear()
      try write(ready.map(\.lines).joined())
      for finished in ready { count(finished) }
      written += ready.count
      schedule.change { $0.written = written }
      crew.wakeUp()
      progress.update { progressText(written, $0) }
    }
    progress.clear()
    return .done
  }

  private static func takeReady(_ state: inout Schedule) -> [Finished] {
    var ready: [Finished] = []
    while let finished = state.done.removeValue(forKey: state.written + ready.count) { ready.append(finished) }
    return ready
  }

  private mutating func count(_ finished: Finished) {
    finished.messages.forEach(Output.warn)
    if !finished.isHeard { failures.recordings += 1 }
    if !finished.hasTimelines { failures.timelines += 1 }
  }

  private func progressText(_ written: Int, _ progress: ProgressLine) -> String {
    let rate = (Double(written) / max(progress.seconds, 1e-3)).decimals(1)
    let left = progress.left(share: Double(written) / Double(files.count))
    return "\(written) of \(files.count) recordings, \(rate) a second, \(left)"
  }
}

// The threads.
extension ClassificationRun {
  private func start(_ schedule: Monitor<Schedule>, _ bell: WakeUp, _ crew: ClassifierCrew) throws {
    let ahead = threads * Self.aheadForEach
    let count = files.count
    let run = Work(files: files, settings: settings, writer: writer, timelines: timelines, sound: sound)
    for number in 0..<threads {
      do throws(Errno) {
        _ = try WorkThread(name: "serd-classify", stack: WorkThread.usualStack) {
          Self.work(run, schedule, bell, crew, count: count, ahead: ahead)
        }
      } catch {
        // One is enough to go on.
        guard number == 0 else { return }
        throw RecordingError(.system, "no thread can be started: \(error.words)", advice: "end other programs")
      }
    }
  }

  private static func work(
    _ run: Work, _ schedule: Monitor<Schedule>, _ bell: WakeUp, _ crew: ClassifierCrew, count: Int, ahead: Int
  ) {
    let worker = RecordingWorker(settings: run.settings, crew: crew)
    func mayBegin(_ state: Schedule) -> Bool { state.next < count && state.next < state.written + ahead }
    func isOver(_ state: Schedule) -> Bool { state.isStopped || state.written == count }
    while true {
      let index = schedule.change { state -> Int? in
        guard !isOver(state), mayBegin(state) else { return nil }
        state.next += 1
        return state.next - 1
      }
      if let index {
        let finished = run.finish(run.files[index], worker) { schedule.change { $0.isStopped } }
        schedule.change { $0.done[index] = finished }
        bell.signal()
        continue
      }
      if schedule.change({ isOver($0) }) { return }
      crew.help(
        with: { worker.classifier }, until: { schedule.change { isOver($0) || mayBegin($0) } })
    }
  }

  /// What threads share.
  private struct Work: Sendable {
    let files: [String]
    let settings: HearingSettings
    let writer: RowWriter
    let timelines: TimelineFiles
    let sound: PageSound

    /// Nobody wants the rest.
    private struct Stopped: Error {}

    func finish(_ file: String, _ worker: RecordingWorker, isStopped: () -> Bool) -> Finished {
      do {
        let hasPage = timelines.formats.contains(.page)
        let outline = hasPage ? SoundOutline() : nil
        let heard = try worker.hear(file, keepingWindows: writer.windows || hasPage, outline: outline) { _, _ in
          if isStopped() { throw Stopped() }
        }
        var finished = Finished(lines: writer.lines(heard), messages: heard.remarks.map(\.description))
        do {
          try timelines.check(file)
          for format in timelines.formats { try write(format, heard, outline) }
        } catch {
          finished.hasTimelines = false
          finished.messages.append(Self.description(error))
        }
        return finished
      } catch let error as any ExplainedError {
        let problem = [error.problem, error.advice].filter { !$0.isEmpty }.joined(separator: "; ")
        return Finished(
          lines: writer.line(file, problem: problem), messages: [error.description], isHeard: false)
      } catch {
        return Finished(lines: "", isHeard: false)
      }
    }

    private static func description(_ error: any Error) -> String {
      (error as? any ExplainedError)?.description ?? "\(error)"
    }

    private func write(_ format: TimelineFormat, _ heard: HeardRecording, _ outline: SoundOutline?) throws {
      let text =
        switch format {
        case .audacity: AudacityLabels.text(heard.emotions)
        case .textGrid: TextGrid.text(heard.emotions, duration: heard.result.duration)
        case .webVTT: WebVTT.text(heard.emotions)
        case .page:
          try RecordingPage(
            heard, outline: outline!, model: settings.model.model.description, sound: sound.url(heard.file)
          ).text
        }
      try timelines.write(text, format, for: heard.file)
    }
  }
}
