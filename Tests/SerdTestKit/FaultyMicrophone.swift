import Foundation

/// A microphone for tests: real libasound with a plugin of ours (`Tests/FaultyMicrophone`) that plays given sound, and
/// fails when told to. Each one has a folder of its own, so tests may run side by side.
///
/// In this process its `device` can be opened as it is; a child process needs `environment` too. Nothing else of the
/// machine's ALSA is seen then.
package final class FaultyMicrophone: Sendable {
  /// What can be wrong for as long as it is set.
  package enum Fault: String, Sendable {
    /// Zeros instead of the sound.
    case flat
    /// No samples come.
    case stalled
    /// The machine sleeps.
    case suspended
    /// Reading fails with an error number.
    case error
    /// Opening fails with an error number.
    case opening = "open-error"
  }

  private let scratch: ScratchFolder

  /// Makes one.
  ///
  /// - Parameters:
  ///   - sound: raw interleaved frames in the first of the formats; then comes silence.
  ///   - format: formats, rates, channels that the hardware has, as "S16_LE,S32_LE 44100,48000 2".
  ///   - speed: how many times faster than real time; 0 is as fast as it is read.
  ///   - loops: whether the sound starts again at its end.
  ///   - isPlugged: whether it is there from the start.
  package init(
    sound: [UInt8] = [], format: String = "S16_LE 16000 1", speed: Double = 1, loops: Bool = false,
    isPlugged: Bool = true
  ) throws {
    FaultyMicrophone.configured
    scratch = try ScratchFolder()
    try scratch.write("sound", sound)
    try scratch.write("format", Array(format.utf8))
    try scratch.write("speed", Array("\(speed)".utf8))
    if loops { try scratch.write("loop", []) }
    if isPlugged { try plug() }
  }

  /// libasound's name for it.
  package var device: String { "serdtest:\(scratch.path)" }

  /// The same through libasound's plug plugin, which converts formats, rates and channels unless told not to.
  package var convertedDevice: String { "serdplug:\(scratch.path)" }

  /// The same through a plug plugin that takes the second channel alone, by the user's configuration.
  package var secondChannelDevice: String { "serdsecond:\(scratch.path)" }

  /// Where its "device node" appears, for who watches with inotify.
  package var folder: String { scratch.path }

  /// How often somebody tried to open it.
  package var openings: Int {
    (try? FileManager.default.attributesOfItem(atPath: "\(scratch.path)/opens")[.size] as? Int) ?? 0
  }

  /// The device comes back.
  package func plug() throws { try scratch.write("plugged", []) }

  /// The device goes away, whoever uses it.
  package func unplug() throws { try FileManager.default.removeItem(atPath: "\(scratch.path)/plugged") }

  /// Loses samples once: an xrun.
  package func overrun() throws { try scratch.write("xrun", []) }

  /// Whether the overrun that was asked for has not happened yet.
  package var isOverrunPending: Bool { FileManager.default.fileExists(atPath: "\(scratch.path)/xrun") }

  /// Sets a fault; `code` is the error number for `error` and `opening`.
  package func set(_ fault: Fault, code: Int32 = 0) throws { try scratch.write(fault.rawValue, Array("\(code)".utf8)) }

  /// Ends a fault.
  package func clear(_ fault: Fault) throws {
    try FileManager.default.removeItem(atPath: "\(scratch.path)/\(fault.rawValue)")
  }

  /// What a child process needs in its environment to see these microphones.
  package static var environment: [String: String] {
    configured
    return ["ALSA_CONFIG_PATH": configuration]
  }

  /// The environment of a child process in which this microphone has a name and is listed.
  package func environment(naming name: String, description: String) throws -> [String: String] {
    let text = """
      <\(FaultyMicrophone.configuration)>
      pcm.\(name) { type serdtest folder "\(scratch.path)" hint { show on description "\(description)" } }
      """
    return ["ALSA_CONFIG_PATH": try scratch.write("asound.conf", Array(text.utf8))]
  }

  private static let configuration = NSTemporaryDirectory() + "/serd-test-asound-\(getpid()).conf"

  /// Writes libasound's configuration and points this process to it, once.
  private static let configured: Void = {
    let text = """
      # The sound of tests may be faster than sound.
      defaults.serd.clockless yes
      pcm_type.serdtest { lib "\(library)" }
      pcm.serdtest { @args [ FOLDER ] @args.FOLDER { type string } type serdtest folder $FOLDER }
      pcm.serdplug {
        @args [ FOLDER ] @args.FOLDER { type string }
        type plug slave.pcm { type serdtest folder $FOLDER }
      }
      pcm.serdsecond {
        @args [ FOLDER ] @args.FOLDER { type string }
        type plug slave.pcm { type serdtest folder $FOLDER } ttable.0.1 1
      }
      """
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
    } catch {
      preconditionFailure("cannot write \(configuration): \(error)")
    }
    setenv("ALSA_CONFIG_PATH", configuration, 1)
    atexit { unlink(FaultyMicrophone.configuration) }
  }()

  /// The plugin, which SwiftPM builds beside the test bundle and the programs.
  private static let library: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = bundle.deletingLastPathComponent().appendingPathComponent("libFaultyMicrophone.so").path
    precondition(FileManager.default.fileExists(atPath: path), "\(path) is not built")
    return path
  }()
}
