import Foundation
import SerdDetection
import SerdNetwork
import SerdPipeline

/// Sound on stdin; a line per hop on stdout: end of the window, level, share of speech, novelty, probabilities or nothing.
func probeWindows(model path: String) throws {
  let model = try LoadedModel(path: path).model
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

/// Such lines on stdin; a line per decision on stdout: hop's end, `began` or `ended`, id, label, start, end, confidence.
///
/// A line that says `close` ends what is open. The rest of the words are settings.
func probeTracker(labels: [String], words: [String]) throws {
  var settings = EmotionTracker.Settings(labels: labels)
  for word in words {
    let parts = word.split(separator: "=")
    guard parts.count == 2, settings.set(String(parts[0]), String(parts[1]), labels: labels) else {
      throw ProbeError("\"\(word)\" is no setting")
    }
  }
  if let defect = settings.defect() { throw ProbeError(defect) }
  var tracker = EmotionTracker(settings: settings, windowSeconds: 2.0)
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
  /// Sets a value by name; false if there is none or the value is no number.
  mutating func set(_ name: String, _ text: String, labels names: [String]) -> Bool {
    guard let value = Double(text) else { return false }
    switch name {
    case "smoothing": smoothingTime = value
    case "minimum": minimumTime = value
    case "least": leastSpeech = value
    case "refractory": refractoryTime = value
    case "pause": longestPause = value
    case "novelty": largestNovelty = Float(value)
    case "begin": for i in labels.indices { labels[i].begin = Float(value) }
    case "end": for i in labels.indices { labels[i].end = Float(value) }
    default:
      guard let index = names.firstIndex(of: name) else { return false }
      labels[index].begin = Float(value)
      labels[index].end = Float(value) * Self.defaultEndShare
    }
    return true
  }
}
