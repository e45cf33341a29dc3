import SerdAudio
import SerdConfiguration
import SerdFeatures
import SerdPipeline

/// One setting of the daemon.
package typealias ConfigurationKey = SettingKey<Configuration>

extension ConfigurationKey {
  /// Every key, in the order of the configuration file.
  package static var all: [ConfigurationKey] { ConfigurationKeys.all }
}

/// A generic type has no stored properties of its own.
private enum ConfigurationKeys {
  static let all = audio + network + gate + emotions + events + files

  private static let audio: [ConfigurationKey] = [
    .text(
      "audio", "device", \.device, reloadable: false, canBeEmpty: false,
      "The microphone, as ALSA names it; `serd devices` lists what to write here."),
    .choice(
      "audio", "channel", \.channel, expected: ChannelChoice.expected,
      "Which of several channels is heard: their mean, the loudest (best), or one by its number.",
      text: \.description, value: { ChannelChoice($0) }),
  ]

  private static let network: [ConfigurationKey] = [
    .text("model", "model", \.model, reloadable: false, "The model file; empty for the one that came with serd."),
    .choice(
      "model", "hop", \.hop, expected: HopChoice.expected,
      "How often a window is classified: short is about every half second; long twice that, for half of the work.",
      text: \.rawValue, value: { HopChoice(rawValue: $0) }),
    .choice(
      "model", "transform", \.transform, expected: TransformKind.expected,
      "The Fourier transform: fftw, or portable, whose results are the same to the last digit on every processor.",
      text: \.rawValue, value: { TransformKind(rawValue: $0) }),
  ]

  private static let gate: [ConfigurationKey] = [
    .level(
      "gate", "gate-level", \.gate.minimumLevel, in: -100...0,
      "Sound below this level is never speech, in dB relative to full scale; `serd tune` proposes one."),
    .number(
      "gate", "gate-share", \.gate.minimumOpenShare, in: 0...1,
      "Share of a window that must be speech for the window to be classified."),
  ]

  private static let emotions: [ConfigurationKey] = [
    .number(
      "emotions", "begin-threshold", \.emotions.begin, in: 0.01...1,
      "The least smoothed probability from which any emotion may begin; [thresholds] has the higher ones of some."),
    .number(
      "emotions", "end-ratio", \.emotions.endRatio, in: 0...1,
      "It ends when its smoothed probability falls below this share of its begin threshold."),
    .number(
      "emotions", "smoothing-time", \.emotions.smoothingTime, in: 0...60,
      "Time constant of the smoothing of probabilities, in seconds."),
    .number(
      "emotions", "minimum-time", \.emotions.minimumTime, in: 0...60,
      "How long it must stay above its threshold before it begins, in seconds."),
    .number(
      "emotions", "refractory-time", \.emotions.refractoryTime, in: 0...3600,
      "After the end of one emotion none begins for so many seconds."),
    .number(
      "emotions", "longest-pause", \.emotions.longestPause, in: 0...60,
      "A longer pause in speech ends an emotion, in seconds."),
    .number(
      "emotions", "least-speech", \.emotions.leastSpeech, in: 0...1,
      "Windows with a smaller share of speech say nothing about the emotion."),
    .level(
      "emotions", "largest-novelty", \.emotions.largestNovelty, in: 0.001...1_000_000,
      "Windows that are farther from the speech the model was trained on say nothing (music, noise)."),
    .words(
      "emotions", "unreported", \.emotions.unreported,
      "Labels, separated by spaces or commas, that are states but make no emotion events."),
  ]

  private static let events: [ConfigurationKey] = [
    .text(
      "events", "socket", \.socket, reloadable: false,
      "The event socket; empty for /run/serd/events.sock, or serd/events.sock in XDG_RUNTIME_DIR for ordinary users."),
    .mode("events", "socket-mode", \.socketAccess.mode, "Access mode of the socket, where systemd does not make it."),
    .text(
      "events", "socket-group", \.socketAccess.group, reloadable: false,
      "Group of the socket, where systemd does not make it; empty for the daemon's own."),
    .number("events", "summary-interval", \.summaryInterval, in: 1...86400, "Seconds between two summary events."),
  ]

  private static let files: [ConfigurationKey] = [
    .text(
      "files", "log", \.log, reloadable: false,
      "Where event lines are logged besides the socket: a file (a service's in /var/log/serd), stdout, or empty for nowhere."
    ),
    .flag("files", "log-windows", \.logWindows, "Whether the log has a line for every window too: two a second."),
    .count(
      "files", "log-size", \.logRotation.largestSize, in: 4096...(1 << 40), reloadable: false,
      "Size at which the log file is rotated, in bytes (K, M and G are powers of 1024)."),
    .count(
      "files", "log-files", \.logRotation.keptFiles, in: 0...1000, reloadable: false,
      "How many rotated files are kept beside the present one."),
    .text(
      "files", "metrics", \.metrics, reloadable: false,
      "A file for Prometheus' textfile collector, rewritten every 15 seconds; empty for none (a service has /run/serd/metrics/serd.prom by default)."
    ),
  ]
}
