import CSystemd
import Glibc
import SerdAudio
import SerdConfiguration
import SerdNetwork
import SerdPipeline
import SerdProtocol
import SerdSystem
import Synchronization

/// The service: one loop that takes from a live source, feeds `Hearing`, and sends what it says to socket and log.
///
/// Everything happens on the thread that calls `run`, but for the capture of sound, the server and the log, which have
/// threads of their own and are never waited for.
package final class Daemon {
  /// How long the start lasts at the most, in seconds: by then a microphone that is there has delivered windows.
  static let startInterval = 4.0
  /// How long a signal or a command may wait when no sound arrives.
  static let patience = Duration.milliseconds(100)

  /// What it obeys: SIGHUP reloads, the others end it.
  package static let signals = [SIGTERM, SIGINT, SIGHUP]

  private enum State {
    /// Nothing was told of the microphone yet; systemd waits for it.
    case starting
    /// What was told last of the microphone.
    case ready(String)
  }

  private let source: any LiveSource
  /// The weights are not kept: the classifier has its own.
  private let model: ModelDescription
  private let notifier = ServiceNotifier()
  private let log = ServiceLog()
  private var incidents: IncidentLog
  private let clock = EventClock.system
  private let signals: SignalQueue
  private var layers: ConfigurationLayers
  private let hearing: Hearing
  private let outlets: Outlets
  private var metrics: MetricsFile?
  private var watchdog: Watchdog
  private let muteMemory = MuteMemory(folders: Environment["STATE_DIRECTORY"])
  private var speakerMemory: SpeakerFile
  private var state = State.starting
  /// When the start is over, and what only it needed is given back; nil: it was.
  private var startEnds: Timestamp?

  /// Opens the socket and the log; nothing is heard before `run`.
  ///
  /// - Parameters:
  ///   - layers: the configuration; its places are read again at every reload.
  ///   - signals: those of `signals`, made before any thread, the source's included.
  /// - Throws: `ConfigurationError` or `EventServerError`.
  package init(
    source: any LiveSource, model: LoadedModel, configuration layers: ConfigurationLayers, signals: SignalQueue
  ) throws {
    self.source = source
    self.model = model.model.description
    self.layers = layers
    self.signals = signals
    incidents = IncidentLog(log: log)
    let configuration = layers.configuration
    try layers.check(labels: model.model.description.labels)
    let now = clock.now
    startEnds = now.advanced(bySeconds: Self.startInterval)
    outlets = try Outlets(
      configuration: configuration,
      hello: Hello(model: model, hop: configuration.hop.seconds(model.model.description)),
      numbers: DaemonNumbers(started: now), clock: clock, log: log)
    hearing = Hearing(
      classifier: model.model.makeClassifier(), transform: configuration.transform, gate: configuration.gate,
      hopFrames: configuration.hop.frames(model.model.description), emotions: configuration.emotions,
      device: source.name, clock: clock, emit: outlets.publish)
    speakerMemory = SpeakerFile(folders: Environment["STATE_DIRECTORY"], model: model.sha256)
    watchdog = Watchdog(notifier: notifier)
    metrics = configuration.metrics.isEmpty ? nil : MetricsFile(path: configuration.metrics)
  }

  /// Runs until SIGTERM or SIGINT, or to the end of a replayed recording.
  package func run() {
    layers.warnings.forEach { log.write(.warning, $0) }
    let transform = layers.configuration.transform.rawValue
    log.write(.info, "\(Version.text), model \(model.name), transform \(transform)")
    if muteMemory.isMuted {
      hearing.mute(true)
      log.write(.notice, "muted, as before the start; 'serd unmute' ends it")
    }
    if let known = speakerMemory.read(), hearing.restore(known) {
      log.write(.info, "follows the speaker of before; 'serd enrol --forget' ends it")
    }
    hearing.begin()
    source.listen(timeout: Self.patience) { reading, samples in
      hearing.take(reading, samples)
      note(reading)
      guard serveRequests() else { return false }
      keepTime()
      watchdog.feed(progress: source.progress, now: clock.now)
      return true
    }
    stop()
  }

  /// What the reading means to the people and programs that run the service.
  private func note(_ reading: LiveReading) {
    switch reading {
    case .device(.capturing(let format)):
      tell(.listening, .notice, "listening to \(source.name) (\(format))")
    case .device(.waiting(let reason)):
      tell(.waiting, .warning, "waiting: \(reason)")
    case .gap(let gap):
      let text = "\(Rounded.seconds(gap.seconds)) s of sound are missing (\(gap.cause.rawValue))"
      let kind = gap.cause == .overrun ? IncidentLog.Kind.overrun : .deviceLost
      incidents.write(kind, .warning, text, seconds: gap.seconds, at: clock.monotonic())
    case .signal(let signal):
      let priority = signal == .normal ? ServiceLog.Priority.notice : .warning
      incidents.write(.signal, priority, "the signal is \(signal.rawValue)", at: clock.monotonic())
    case .samples, .nothing, .ended: break
    }
  }

  /// Tells log and systemd; the first time, that the service is ready.
  private func tell(_ kind: IncidentLog.Kind, _ priority: ServiceLog.Priority, _ text: String) {
    incidents.write(kind, priority, text, at: clock.monotonic())
    let before = state
    state = .ready(text)
    switch before {
    case .starting: notifier.ready(status: status)
    case .ready: notifier.status(status)
    }
  }

  /// What `systemctl status` shows.
  private var status: String {
    switch state {
    case .starting: "starting"
    case .ready(let text): hearing.state.activity == .muted ? "muted; \(text)" : text
    }
  }

  /// Signals and commands; false if it is time to stop.
  private func serveRequests() -> Bool {
    if let mute = outlets.takeMute() {
      if let problem = muteMemory.keep(mute) { log.write(.warning, problem) }
      hearing.mute(mute)
      incidents.write(.mute, .notice, mute ? "muted" : "unmuted", at: clock.monotonic())
      if case .ready = state { notifier.status(status) }
    }
    if outlets.takeForget() {
      _ = hearing.restore(.nothing)
      if let problem = speakerMemory.forget() { log.write(.warning, problem) }
      incidents.write(.speaker, .notice, "forgot the speaker", at: clock.monotonic())
    }
    while let signal = signals.next() {
      guard signal == SIGHUP else { return false }
      reload()
    }
    return true
  }

  private func reload() {
    notifier.reloading()
    var result = "reloaded the configuration"
    do {
      let new = try layers.readAgain()
      try new.check(labels: model.labels)
      hearing.apply(gate: new.configuration.gate, emotions: new.configuration.emotions)
      for key in ConfigurationKey.all where !key.isReloadable {
        if key.text(new.configuration) != key.text(layers.configuration) {
          log.write(.warning, "\(key.name) has changed; it takes effect with a restart")
        }
      }
      new.warnings.forEach { log.write(.warning, $0) }
      layers = new
      log.write(.notice, result)
    } catch {
      result = "kept the old configuration: \(error)"
      log.write(.error, result)
    }
    outlets.reopenLog()
    notifier.ready(status: "\(result); \(status)")
  }

  /// What is due by the clock: numbers for clients, the summary, the metrics file.
  private func keepTime() {
    incidents.keepTime(at: clock.monotonic())
    outlets.numbers = hearing.numbers
    let now = clock.now
    if let startEnds, now >= startEnds {
      self.startEnds = nil
      StartMemory.giveBack()
    }
    if speakerMemory.isDue(at: now) { keepSpeaker() }
    if now.seconds - hearing.summaryStart.seconds >= layers.configuration.summaryInterval { hearing.summarise() }
    guard metrics?.isDue(at: now) == true else { return }
    let report = outlets.status(state: hearing.state, health: hearing.health, now: now)
    if let problem = metrics?.write(report.metricsText(labels: model.labels)) {
      incidents.write(.metrics, .warning, problem, at: clock.monotonic())
    }
  }

  private func keepSpeaker() {
    guard let speaker = hearing.speaker, let problem = speakerMemory.keep(speaker) else { return }
    incidents.write(.speaker, .warning, problem, at: clock.monotonic())
  }

  private func stop() {
    notifier.stopping()
    hearing.finish()
    keepSpeaker()
    source.stop()
    outlets.stop()
    metrics?.remove()
    incidents.finish()
    log.write(.info, "stopped")
  }
}
