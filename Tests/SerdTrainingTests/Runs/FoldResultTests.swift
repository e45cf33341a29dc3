import Foundation
import SerdTraining
import Testing

/// Results of earlier versions.
@Suite struct FoldResultTests {
  private func result(_ protocolName: String, fold: String, speaker: String) throws -> FoldResult {
    let decision = #"{"probabilities":[0.5,0.5],"recording":"a","speaker":"\#(speaker)","truth":0}"#
    let text = """
      {"evaluationProtocol":"\(protocolName)","float":[\(decision)],"fold":"\(fold)","int8":[\(decision)],"seed":1,\
      "trainingSeconds":2}
      """
    return try JSONDecoder().decode(FoldResult.self, from: Data(text.utf8))
  }

  @Test("A result of cross-N that tells by names alone what was trained on and tested is understood")
  func namesOfEarlierVersions() throws {
    let both = try result("cross-2", fold: "EMO-DB + RAVDESS, group 1", speaker: "RAVDESS:12")
    #expect(both.trainedOn == ["EMO-DB", "RAVDESS"] && both.testedBy == .folds(.cross(2)))
    #expect(both.int8[0].corpus == "RAVDESS" && both.float[0].corpus == "RAVDESS")
    let again = try JSONDecoder().decode(FoldResult.self, from: JSONEncoder().encode(both))
    #expect(again == both)
  }

  @Test("Under other protocols a name with a colon is a name")
  func otherProtocols() throws {
    let plain = try result("loso", fold: "A:1", speaker: "A:1")
    #expect(plain.trainedOn == nil && plain.int8[0].corpus == nil && plain.fold == "A:1")
    #expect(try result("loso-of-tomorrow", fold: "1", speaker: "1").testedBy == .unknown("loso-of-tomorrow"))
  }
}
