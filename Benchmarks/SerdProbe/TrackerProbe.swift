import Foundation
import SerdDetection
import SerdNetwork
import SerdPipeline

/// Sound on stdin; a line per hop on stdout: end of the window, level, share of speech, novelty, probabilities or
/// nothing.
func probeWindows(model path: String) throws {
  let model = try LoadedModel(path: path).model.lightSERNet()
  let pipeline = WindowPipeline(classifier: Int8Network(model: model))
  var output = ""
  readSound { chunk in
    pipeline.push(chunk) { window in
      let end = window.start + model.description.windowSeconds
      let numbers = [Float(window.level), Float(window.openShare), window.novelty ?? 0] + (window.probabilities ?? [])
      output += String(format: "%.3f ", end) + numbers.map { String(format: "%.4g", $0) }.joined(separator: " ") + "\n"
    }
  }
  FileHandle.standardOutput.write(Data(output.utf8))
}

/// Such lines on stdin; a line per decision on stdout: hop's end, `began` or `ended`, id, label, start, end,
/// confidence.
///
/// A line that says `close` ends what is open. The rest of the words are settings.
func probeTracker(labels: [String], words: [String]) throws {
  var settings = EmotionTracker.Settings()
  var thresholds = settings.labels(labels)
  for word in words {
    let parts = word.split(separator: "=")
    guard parts.count == 2, let value = Double(parts[1]),
      settings.set(String(parts[0]), value) || thresholds.set(String(parts[0]), Float(value), of: labels)
    else {
      throw ProbeError("\"\(word)\" is no setting")
    }
  }
  if let defect = settings.defect() ?? thresholds.lazy.compactMap({ $0.defect() }).first { throw ProbeError(defect) }
  var tracker = EmotionTracker(settings: settings, labels: thresholds, windowSeconds: 2.0)
  var output = ""
  var time = 0.0
  func say(_ decision: EmotionDecision?) {
    guard let decision else { return }
    let name = decision.kind == .began ? "began" : "ended"
    output += "\(time) \(name) \(decision.id) \(labels[decision.label]) \(decision.start) "
    output += "\(decision.end ?? -1) \(decision.confidence)\n"
  }
  while let line = readLine() {
    if line == "close" {
      say(tracker.close(at: time))
      continue
    }
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 4 || numbers.count == 4 + labels.count else { throw ProbeError("\"\(line)\" is no hop") }
    time = numbers[0]
    let decisions = tracker.update(
      Hop(
        end: time, probabilities: numbers.count == 4 ? nil : numbers[4...].map(Float.init), level: Float(numbers[1]),
        speechRatio: numbers[2], novelty: Float(numbers[3])))
    say(decisions.ended)
    say(decisions.began)
  }
  FileHandle.standardOutput.write(Data(output.utf8))
}

struct ProbeError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension EmotionTracker.Settings {
  /// Sets a value by name; false if there is none.
  mutating func set(_ name: String, _ value: Double) -> Bool {
    switch name {
    case "smoothing": smoothingTime = value
    case "minimum": minimumTime = value
    case "least": leastSpeech = value
    case "refractory": refractoryTime = value
    case "pause": longestPause = value
    case "novelty": largestNovelty = Float(value)
    default: return false
    }
    return true
  }
}

extension [EmotionTracker.Label] {
  /// Sets thresholds of all labels, or of the one of this name; false if there is none.
  mutating func set(_ name: String, _ value: Float, of labels: [String]) -> Bool {
    switch name {
    case "begin": for i in indices { self[i].begin = value }
    case "end": for i in indices { self[i].end = value }
    default:
      guard let index = labels.firstIndex(of: name) else { return false }
      self[index].begin = value
      self[index].end = value * Float(EmotionTracker.Settings().endRatio)
    }
    return true
  }
}
