import SerdAudio
import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdSystem

/// What all recordings of a run are heard with.
package struct HearingSettings: Sendable {
  package let model: LoadedModel
  package let channel: ChannelChoice
  package let transform: TransformKind
  package let emotions: EmotionTracker.Settings

  package init(
    model: LoadedModel, channel: ChannelChoice, transform: TransformKind, emotions: EmotionTracker.Settings
  ) {
    self.model = model
    self.channel = channel
    self.transform = transform
    self.emotions = emotions
  }

  /// For a thread's own use.
  package func makeClassifier() -> any WindowClassifier { model.model.makeClassifier() }
}

/// What was heard in a recording.
package struct HeardRecording: Sendable {
  /// As its user named it.
  package let file: String
  package let result: FileResult
  package let emotions: [EmotionStretch]
  /// All of them, if they were asked for.
  package let windows: [WindowResult]
  /// What its user should know of the file.
  package let remarks: [FileRemark]

  /// A recording that was heard.
  package init(
    file: String, result: FileResult, emotions: [EmotionStretch], windows: [WindowResult], remarks: [FileRemark]
  ) {
    self.file = file
    self.result = result
    self.emotions = emotions
    self.windows = windows
    self.remarks = remarks
  }
}

/// Hears one recording after the other, on one thread, with one classifier.
package final class RecordingWorker {
  private let settings: HearingSettings
  private let crew: ClassifierCrew?
  /// Made for the first recording or batch.
  package private(set) lazy var classifier = settings.makeClassifier()

  /// - Parameter crew: who helps with long recordings.
  package init(settings: HearingSettings, crew: ClassifierCrew?) {
    self.settings = settings
    self.crew = crew
  }

  /// Hears a recording.
  ///
  /// - Parameters:
  ///   - outline: gets the samples as they are read.
  ///   - onWindow: gets every window, in order, with the recording's length in seconds as far as it is known.
  package func hear(
    _ file: String, keepingWindows: Bool, outline: SoundOutline? = nil,
    onWindow: (WindowResult, _ duration: Double?) throws -> Void = { _, _ in }
  ) throws -> HeardRecording {
    let source = try FileSource(path: file, channel: settings.channel)
    var timeline = EmotionTimeline(settings: settings.emotions, description: settings.model.model.description)
    var windows: [WindowResult] = []
    let classifier = FileClassifier(classifier: classifier, transform: settings.transform, crew: crew)
    let tapped: any AudioSource = outline.map { TappedSource(source, $0) } ?? source
    let result = try classifier.classify(tapped) { window in
      timeline.hear(window)
      if keepingWindows { windows.append(window) }
      try onWindow(window, source.duration)
    }
    return HeardRecording(
      file: file, result: result, emotions: timeline.finish(duration: result.duration), windows: windows,
      remarks: source.remarks)
  }
}
