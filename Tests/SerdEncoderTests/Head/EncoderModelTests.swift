import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

@Suite("The file of a model with a speech encoder") struct EncoderModelTests {
  @Test("What is written is read again, and the same model gives the same bytes")
  func roundTrip() throws {
    var following = SpeakerFollowing()
    following.priorWindows = 7
    for model in [try EncoderModel.random(), try EncoderModel.random(headBlocks: [0, 1], following: following)] {
      let bytes = model.serialised()
      let read = try EncoderModel(parsing: bytes)
      #expect(read.description == model.description && read.head == model.head)
      #expect(read.serialised() == bytes)
    }
  }

  @Test("Such a file has a format of its own, which says so to a serd that does not know it")
  func format() throws {
    let model = try EncoderModel.random()
    #expect(model.description.metadata()["format_version"] == "2")
    let light = try TestModels.quantised(TestModels.narrow(.relu)).description
    #expect(light.metadata()["format_version"] == "1")
    for (metadata, other) in [(model.description.metadata(), "1"), (light.metadata(), "2")] {
      var wrong = metadata
      wrong["format_version"] = other
      let error = thrown(ModelFileError.self) { try ModelDescription(metadata: wrong) }
      #expect(error?.problem == "its format does not belong to its network")
    }
  }

  @Test("Programs that need a Light-SERNet refuse it by name, and the reverse")
  func wrongKind() throws {
    let bytes = try EncoderModel.random().serialised()
    let wrong = "this model has a speech encoder in place of a Light-SERNet"
    #expect(thrown(ModelFileError.self) { try QuantisedModel(parsing: bytes) }?.problem == wrong)
    #expect(thrown(ModelFileError.self) { try FloatModel(parsing: bytes) }?.problem == wrong)
    let light = try TestModels.quantised(TestModels.narrow(.relu)).serialised()
    let error = thrown(ModelFileError.self) { try EncoderModel(parsing: light) }
    #expect(error?.problem == "this model has no speech encoder")
  }

  @Test("A head that does not fit its encoder, or holds what would overflow, is refused with the reason")
  func defects() throws {
    let model = try EncoderModel.random()
    func problem(_ change: (inout EncoderHead) -> Void) -> String? {
      var head = model.head
      change(&head)
      return thrown(ModelFileError.self) {
        try EncoderModel(description: model.description, encoder: model.encoder, head: head)
      }?.problem
    }
    #expect(problem { $0.settings.blocks = [2] } == "the model cannot be run: a head of blocks [2] on an encoder of 2")
    #expect(problem { $0.settings.blocks = [] } == "the model cannot be run: a head of blocks [] on an encoder of 2")
    #expect(problem { $0.weights.removeLast() } == "the model cannot be run: a head of 383 weights for 3 × 128")
    let beyond = "the model cannot be run: a value of its head is beyond a million, or a deviation is not positive"
    #expect(problem { $0.weights[5] = 2e6 } == beyond)
    #expect(problem { $0.biases[1] = .nan } == beyond)
    #expect(problem { $0.standardisation.reciprocalDeviation[3] = 0 } == beyond)
    #expect(
      problem {
        $0.settings.following = SpeakerFollowing()
        $0.settings.following?.priorWindows = 0
      } == "the model cannot be run: following with 0 and 250 windows")
  }

  @Test("A changed byte is noticed")
  func checksum() throws {
    var bytes = try EncoderModel.random().serialised()
    bytes[bytes.count - 9] ^= 1
    #expect(thrown(ModelFileError.self) { try EncoderModel(parsing: bytes) } != nil)
  }
}
