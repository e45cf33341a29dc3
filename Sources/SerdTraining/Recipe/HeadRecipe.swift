import SerdEncoder
import SerdFeatures

/// How a head is trained on a pretrained encoder: the part of a `Recipe` that is in the network's place.
package struct HeadRecipe: Codable, Equatable, Sendable {
  /// SHA-256 of the encoder's file; nil in a recipe that no encoder was named for yet.
  package var encoder: String?
  /// Blocks of the file that are run.
  package var encoderBlocks = 2
  /// Blocks whose pooled values are averaged, from 0.
  package var blocks = [1]
  /// Augmented versions of every recording.
  package var versions = 0
  /// Playback speeds that a version draws from.
  package var speeds: [Double] = [0.9, 1, 1.1]
  /// Rooms and microphones; nil for none.
  package var room: RoomAugmentation?
  /// Half of this times the sum of the squared weights is added to the loss.
  package var weightPenalty = 0.03
  /// How the head follows the speaker; nil if it does not.
  package var following: SpeakerFollowing?

  /// The values that the properties start with.
  package init() {}

  /// What a model with the encoder has of its licence, beside the terms of the corpora.
  package static let encoderTerms = "; with an encoder of OpenAI's Whisper base: MIT, copyright OpenAI"

  /// What pooled features are computed by.
  package func pooling(frontEnd: FrontEndSettings, windowFrames: Int) -> PooledSettings {
    var settings = PooledSettings()
    (settings.frontEnd, settings.windowFrames) = (frontEnd, windowFrames)
    (settings.versions, settings.speeds, settings.room) = (versions, speeds, room)
    return settings
  }

  /// What cannot be trained, or nil.
  func defect() -> String? {
    guard (1...6).contains(encoderBlocks) else { return "an encoder of \(encoderBlocks) blocks" }
    guard !blocks.isEmpty, blocks.allSatisfy({ (0..<encoderBlocks).contains($0) }) else {
      return "a head of the blocks \(blocks) of \(encoderBlocks)"
    }
    guard (0...100).contains(versions), speeds.allSatisfy({ (0.5...2).contains($0) }) else {
      return "\(versions) versions at speeds of \(speeds)"
    }
    guard weightPenalty > 0, weightPenalty < 1e3 else { return "a weight penalty of \(weightPenalty)" }
    return following?.defect()
  }
}
