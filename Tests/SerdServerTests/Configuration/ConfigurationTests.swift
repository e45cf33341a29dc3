import SerdConfiguration
import SerdDetection
import SerdFeatures
import SerdServer
import SerdTestKit
import Testing

@Suite struct ConfigurationTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func layers(
    _ text: String, environment: [String: String] = [:], options: [(key: String, value: String)] = []
  ) throws -> ConfigurationLayers {
    let path = try scratch.write("serd.conf", Array(text.utf8))
    return try ConfigurationLayers(path: path, environment: environment, options: options)
  }

  /// The message, with the file's folder cut away.
  private func message(_ text: String, environment: [String: String] = [:], options: [(String, String)] = []) -> String
  {
    do {
      _ = try layers(text, environment: environment, options: options.map { (key: $0.0, value: $0.1) })
      return "no error"
    } catch let error as ConfigurationError {
      return error.description.split(separator: scratch.path + "/").joined()
    } catch {
      return "\(error)"
    }
  }

  @Test("each layer is stronger than the one before, and every value knows where it came from")
  func precedence() throws {
    let text = "[audio]\ndevice = file\n[gate]\ngate-level = -50\n\n[emotions]\nminimum-time = 2\nsmoothing-time=3\n"
    let layers = try layers(
      text, environment: ["SERD_GATE_LEVEL": "-51", "SERD_MINIMUM_TIME": "4", "HOME": "/"],
      options: [(key: "minimum-time", value: "5")])
    let configuration = layers.configuration
    #expect(configuration.device == "file" && layers.origin(of: "device") == .file(path: layers.path!, line: 2))
    #expect(configuration.gate.minimumLevel == -51)
    #expect(layers.origin(of: "gate-level") == .environment(variable: "SERD_GATE_LEVEL"))
    #expect(configuration.emotions.minimumTime == 5 && layers.origin(of: "minimum-time") == .commandLine)
    #expect(configuration.emotions.smoothingTime == 3)
    #expect(layers.origin(of: "socket-mode") == .builtIn && configuration.socketAccess.mode == 0o660)
  }

  @Test("under systemd the metrics file is in the runtime directory, unless the user wants another one, or none")
  func runtimeFolder() throws {
    let environment = ["RUNTIME_DIRECTORY": "/run/serd/metrics:/run/other"]
    #expect(try layers("", environment: environment).configuration.metrics == "/run/serd/metrics/serd.prom")
    #expect(try layers("[files]\nmetrics = /srv/x\n", environment: environment).configuration.metrics == "/srv/x")
    #expect(try layers("[files]\nmetrics =\n", environment: environment).configuration.metrics == "")
    #expect(try layers("", environment: ["RUNTIME_DIRECTORY": ""]).configuration.metrics == "")
  }

  @Test("a misspelt section, key or label is an error that names the nearest known one")
  func misspelt() throws {
    #expect(message("[audio]\ndevise = x\n") == "serd.conf:2: there is no key 'devise'; did you mean 'device'?")
    #expect(message("[adio]\ndevice = x\n") == "serd.conf:2: there is no section [adio]; did you mean 'audio'?")
    #expect(message("device = x\n") == "serd.conf:1: device stands before any [section]")
    #expect(message("[gate]\ndevice = x\n") == "serd.conf:2: device belongs into the section [audio]")
    #expect(message("[audio]\nqqqqqqq = x\n") == "serd.conf:2: there is no key 'qqqqqqq'")
    #expect(
      message("", options: [("socket-mod", "1")])
        == "--set socket-mod: there is no such key; did you mean 'socket-mode'?")
  }

  @Test("A label that the model does not have is an error wherever it stands, with its line and the nearest one")
  func unknownLabels() throws {
    let labels = ["anger", "happiness", "sadness"]
    func complaint(_ text: String, options: [(key: String, value: String)] = []) throws -> String? {
      let layers = try layers(text, options: options)
      return thrown(ConfigurationError.self) { try layers.check(labels: labels) }?.description
        .split(separator: scratch.path + "/").joined()
    }
    let known = "it has anger, happiness, sadness"
    #expect(
      try complaint("[thresholds]\nangry = 0.7\n")
        == "serd.conf:2: angry: the model has no label 'angry'; did you mean 'anger'?; \(known)")
    #expect(
      try complaint("[emotions]\nunreported = anger, happy\n")
        == "serd.conf:2: unreported: the model has no label 'happy'; did you mean 'happiness'?; \(known)")
    #expect(
      try complaint("", options: [(key: "unreported", value: "Anger")])
        == "--unreported: the model has no label 'Anger'; did you mean 'anger'?; \(known)")
    #expect(try complaint("[emotions]\nunreported = anger\n[thresholds]\nsadness = 0.9\n") == nil)
    // What is in force by default may be written down, whatever the model.
    #expect(try complaint("[emotions]\nunreported = calm neutral\n") == nil)
  }

  @Test(
    "A list's words are separated by commas and spaces alike",
    arguments: ["anger, boredom", "anger boredom", "anger,boredom", " anger ,, boredom,"])
  func lists(text: String) throws {
    #expect(try layers("[emotions]\nunreported = \(text)\n").configuration.emotions.unreported == ["anger", "boredom"])
  }

  @Test(
    "What would be read as something else than was meant is an error with its line",
    arguments: [
      (
        "[audio] device = x\n",
        "serd.conf:1: 'device = x' stands on the line of [audio], where nothing is read; write it on the next line"
      ),
      (
        "# hello\r[audio]\rdevice = x\r",
        "serd.conf:1: a carriage return within the line; end lines with a line feed, as Unix does"
      ),
      (
        "[audio]\ndevice = plughw:CARD=Mic # my mic\n",
        "serd.conf:2: device: 'plughw:CARD=Mic # my mic' has a remark behind the value; put it on a line of its own, which begins with #"
      ),
      (
        "[thresholds]\nanger = 0.8\t# high\n",
        "serd.conf:2: anger: '0.8\t# high' has a remark behind the value; put it on a line of its own, which begins with #"
      ),
      (
        "[audio]\ndevice = \"plughw:CARD=Mic\"\n",
        "serd.conf:2: device: '\"plughw:CARD=Mic\"' has quotes, which would be part of the value; write it without them"
      ),
      (
        "[audio]\ndevice = „Mic“\n",
        "serd.conf:2: device: '„Mic“' has quotes, which would be part of the value; write it without them"
      ),
      (
        "[audio]\ndevice = \u{A0}Mic\n",
        "serd.conf:2: device: '\u{A0}Mic' begins or ends with white space; remove it; if none is to be seen, type the line anew"
      ),
    ])
  func misread(text: String, complaint: String) {
    #expect(message(text) == complaint)
  }

  @Test("A list has no word that would be a remark when it is printed")
  func remarksInLists() {
    #expect(message("[emotions]\nunreported = anger,;x\n").hasSuffix("'anger,;x' is not a list of words"))
  }

  @Test("Quotes and remarks are no part of a value in the stronger layers either")
  func misreadElsewhere() {
    #expect(message("", environment: ["SERD_DEVICE": "'Mic'"]).hasSuffix("write it without them"))
    #expect(message("", options: [("log", "/srv/log ; mine")]).contains("has a remark behind the value"))
  }

  @Test("Line ends of Windows, a byte order mark, remarks after a semicolon and after a section are read as meant")
  func readAsMeant() throws {
    let text = "\u{FEFF}[audio] # the microphone\r\ndevice = plughw:CARD=Mic ; my #1\r\n  ; [gate]\r\n"
    #expect(try layers(text).configuration.device == "plughw:CARD=Mic")
    #expect(try layers("\u{FEFF}# begin\n[audio]\ndevice = no#remark\n").configuration.device == "no#remark")
    let utf16 = try scratch.write("utf16.conf", [0xFF, 0xFE] + "[audio]".utf8.flatMap { [$0, 0] })
    #expect(
      thrown(ConfigurationError.self) { try ConfigurationLayers(path: utf16, environment: [:], options: []) }?
        .description.hasSuffix("utf16.conf: UTF-16 text; save the file as UTF-8") == true)
  }

  @Test("a wrong value is named with its place and with what is expected")
  func wrongValues() {
    let number = "a number from -100 to 0"
    #expect(message("[gate]\n\n  gate-level = loud\n") == "serd.conf:3: gate-level: 'loud' is not \(number)")
    #expect(
      message("", environment: ["SERD_GATE_LEVEL": "7"])
        == "the environment variable SERD_GATE_LEVEL: '7' is not \(number)")
    #expect(message("", options: [("gate-level", "nan")]) == "--gate-level: 'nan' is not \(number)")
    let transforms = TransformKind.allCases.map(\.rawValue).joined(separator: ", ")
    #expect(message("[model]\ntransform = fast\n").contains("transform: 'fast' is not one of: \(transforms)"))
    #expect(message("[events]\nsocket-mode = 990\n").hasSuffix("'990' is not an access mode in octal, such as 0660"))
    #expect(message("[audio]\ndevice =\n").hasSuffix("'' is not printable text of at least one character"))
    #expect(message("[thresholds]\nanger = 2\n").hasSuffix("anger: '2' is not a probability from 0.01 to 1"))
    #expect(message("[thresholds]\nanger = 0\n").hasSuffix("anger: '0' is not a probability from 0.01 to 1"))
    #expect(message("[files]\nlog-size = 99999999999999999999G\n").contains("is not a whole number"))
  }

  @Test("what is no INI file gives one line that says so")
  func noINI() throws {
    #expect(
      message("[audio]\nwhat is this\n") == "serd.conf:2: neither a [section], nor key = value, nor a comment (# or ;)")
    #expect(message(String(repeating: "a", count: 300)).contains("serd.conf:1: the line has 300 bytes"))
    #expect(message("a\0b").contains("zero byte"))
    let latin = try scratch.write("latin.conf", Array("[files]\nlog = /srv/caf".utf8) + [0xE9])
    #expect(
      thrown(ConfigurationError.self) { try ConfigurationLayers(path: latin, environment: [:], options: []) }?
        .description.hasSuffix("latin.conf:2: bytes that are no UTF-8; save the file as UTF-8") == true)
    #expect(throws: ConfigurationError.self) {
      try ConfigurationLayers(path: scratch.path, environment: [:], options: [])
    }
    #expect(throws: ConfigurationError.self) {
      try ConfigurationLayers(path: scratch.path + "/missing", environment: [:], options: [])
    }
  }

  @Test("the file that is installed sets nothing, and with its comment signs removed it sets the defaults")
  func defaultFile() throws {
    let file = ConfigurationLayers.defaultFile
    #expect(try layers(file).configuration == Configuration())
    let lines = file.split(separator: "\n").map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
    let layers = try layers(lines.joined(separator: "\n"))
    var expected = Configuration()
    expected.emotions.begins = EmotionTracker.Settings.usualBegins.mapValues { Double("\($0)")! }
    #expect(layers.configuration == expected)
    for key in ConfigurationKey.all { #expect(layers.origin(of: key.name) != .builtIn, "\(key.name)") }
  }

  @Test("what check-config prints is a configuration file that gives the same")
  func resultText() throws {
    let first = try layers("[gate]\ngate-level=-47.5\n[files]\nlog-size = 2M\n[thresholds]\nfear = 0.8\n")
    let second = try layers(first.resultText)
    #expect(second.configuration == first.configuration && first.configuration.logRotation.largestSize == 2 << 20)
  }

  @Test("however long its values and comments are, and also if a value begins with a semicolon")
  func oddResultText() throws {
    let device = String(repeating: "x", count: 190 - "device=".utf8.count)
    let comment = "  # " + String(repeating: "y", count: 500)
    let first = try layers("\(comment)\n[audio]\ndevice=\(device)\n")
    #expect(first.configuration.device == device)
    #expect(try layers(first.resultText).configuration == first.configuration)
    let semicolon = try layers("[events]\nsocket-group =;x\n")
    #expect(semicolon.configuration.socketAccess.group == ";x")
    #expect(try layers(semicolon.resultText).configuration == semicolon.configuration)
  }

  @Test("an environment variable that looks like a misspelt setting is warned about, others are not")
  func environmentWarnings() throws {
    let layers = try layers("", environment: ["SERD_DEVICES": "x", "SERD_SOMETHING_ELSE": "y", "SERD_CONFIG": "z"])
    #expect(
      layers.warnings == ["the environment variable SERD_DEVICES is not a setting of serd; did you mean SERD_DEVICE?"])
  }
}
