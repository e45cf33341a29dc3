import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdLearning

/// Makes the windows of recordings, one after the other. For one thread.
final class WindowBuilder {
  private let settings: FeatureSettings
  /// All of the corpus, in order.
  private let speakers: [String]
  private let frontEnd: WindowFrontEnd

  init(settings: FeatureSettings, speakers: [String]) {
    self.settings = settings
    self.speakers = speakers
    frontEnd = WindowFrontEnd(settings: settings)
  }

  /// The plain window, the augmented ones, and the one that `serd --once` classifies. `index` is the recording's place
  /// in the corpus.
  func windows(of recording: Recording, index: Int) throws(TrainingError) -> [Float] {
    do throws(AudioError) {
      let samples = try recording.samples()
      if samples.contains(where: { $0 != 0 }) { return try windows(of: samples, recording, index: index) }
    } catch {
      throw TrainingError(
        at: "recording \(error.place ?? recording.path)", error.problem, advice: "\(error.advice); or take it out")
    }
    throw TrainingError(at: "recording \(recording.path)", "nothing but digital silence", advice: "take it out")
  }

  private func windows(of samples: [Float], _ recording: Recording, index: Int) throws(AudioError) -> [Float] {
    let length = settings.samples
    if let preparation = settings.preparation {
      let window = frontEnd.mfcc(of: preparation.window(of: samples, samples: length), isLevelled: true)
      return Array([[Float]](repeating: window, count: 2 + settings.versions.count).joined())
    }
    let clip = ClipPadding.centred(ClipPadding.trimmed(samples))
    let loudest = LoudestWindow.start(in: Array(clip), samples: length)
    let part = clip.count < length ? clip : clip[clip.startIndex + loudest..<clip.startIndex + loudest + length]
    var result = frontEnd.mfcc(of: ClipPadding.padded(part, to: length))
    let clipDraws = SeededGenerator(seed: settings.seed).derived(UInt64(index))
    var draws = VersionDraws(clip: clipDraws, shared: rooms(of: recording))
    for speed in settings.versions.speeds {
      let sped = try ClipVersions.at(speed: speed, clip)
      for warp in settings.versions.vocalTractWarps {
        let window = settings.versions.window(of: sped, samples: length, draws: &draws)
        result += frontEnd.mfcc(of: window, warp: warp)
      }
    }
    var evaluated = ClipPadding.placed(part, in: length)
    var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
    floor.lay(under: &evaluated)
    return result + frontEnd.mfcc(of: evaluated)
  }

  /// The draws of the rooms that a speaker's recordings share, if the model is to follow its speaker.
  private func rooms(of recording: Recording) -> SeededGenerator? {
    guard settings.frontEnd.adaptation != nil, let speaker = speakers.firstIndex(of: recording.speaker) else {
      return nil
    }
    return SeededGenerator(seed: ~settings.seed).derived(UInt64(speaker))
  }
}
