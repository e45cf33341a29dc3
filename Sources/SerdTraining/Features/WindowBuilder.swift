import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdLearning

/// Makes the windows of one recording.
struct WindowBuilder: Sendable {
  let settings: FeatureSettings
  /// All of the corpus, in order.
  let speakers: [String]

  /// The plain window, the augmented ones, and the one that `serd --once` classifies. `index` is the recording's place
  /// in the corpus.
  func windows(of recording: Recording, index: Int) -> Result<[Float], TrainingError> {
    do throws(AudioError) {
      let samples = try recording.samples()
      guard samples.contains(where: { $0 != 0 }) else {
        return .failure(
          TrainingError(
            at: "recording \(recording.path)", "nothing but digital silence", advice: "take it out"))
      }
      if let preparation = settings.preparation {
        let window = settings.mfcc(of: preparation.window(of: samples, samples: settings.samples), isLevelled: true)
        return .success(Array([[Float]](repeating: window, count: 2 + settings.versions.count).joined()))
      }
      return .success(try windows(of: samples, rooms: rooms(of: recording), index: index))
    } catch {
      return .failure(
        TrainingError(
          at: "recording \(error.place ?? recording.path)", error.problem, advice: "\(error.advice); or take it out"))
    }
  }

  private func windows(of samples: [Float], rooms: SeededGenerator?, index: Int) throws(AudioError) -> [Float] {
    let length = settings.samples
    let clip = ClipPadding.centred(ClipPadding.trimmed(samples))
    let loudest = LoudestWindow.start(in: Array(clip), samples: length)
    let part = clip.count < length ? clip : clip[clip.startIndex + loudest..<clip.startIndex + loudest + length]
    var result = settings.mfcc(of: ClipPadding.padded(part, to: length))
    var draws = VersionDraws(clip: SeededGenerator(seed: settings.seed).derived(UInt64(index)), shared: rooms)
    for speed in settings.versions.speeds {
      let sped = try ClipVersions.at(speed: speed, clip)
      for warp in settings.versions.vocalTractWarps {
        let window = settings.versions.window(of: sped, samples: length, draws: &draws)
        result += settings.mfcc(of: window, warp: warp)
      }
    }
    var evaluated = ClipPadding.placed(part, in: length)
    var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
    floor.lay(under: &evaluated)
    return result + settings.mfcc(of: evaluated)
  }

  /// The draws of the rooms that a speaker's recordings share, if the model is to follow its speaker.
  private func rooms(of recording: Recording) -> SeededGenerator? {
    guard settings.frontEnd.adaptation != nil, let speaker = speakers.firstIndex(of: recording.speaker) else {
      return nil
    }
    return SeededGenerator(seed: ~settings.seed).derived(UInt64(speaker))
  }
}
