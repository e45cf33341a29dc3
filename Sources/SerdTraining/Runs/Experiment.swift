import SerdCorpora
import SerdLearning

/// What a run folder is about: everything but seeds and folds that its results depend on.
package struct Experiment: Codable, Equatable, Sendable {
  /// Name of the corpus.
  package let corpus: String
  /// How the models are tested.
  package let testedBy: TestedBy
  /// All of the recipe.
  package let recipe: Recipe
  /// Which recordings, of whom, with which labels (`Corpus.identity`); nil in folders of versions that did not note it.
  package let recordings: String?

  private enum CodingKeys: String, CodingKey {
    case corpus, recipe, recordings
    case testedBy = "evaluationProtocol"
  }

  /// An experiment on a corpus of that name, of recordings that are not noted.
  package init(corpus: String, testedBy: TestedBy, recipe: Recipe) {
    self.corpus = corpus
    self.testedBy = testedBy
    self.recipe = recipe
    recordings = nil
  }

  /// An experiment on a corpus.
  package init(corpus: Corpus, testedBy: TestedBy, recipe: Recipe) {
    self.corpus = corpus.name
    self.testedBy = testedBy
    self.recipe = recipe
    recordings = corpus.identity
  }

  /// The protocol, if there is one that this version knows.
  package var evaluation: EvaluationProtocol? { testedBy.evaluation }

  /// In what another experiment is not this one, for a message; nil if it is the same.
  package func difference(from other: Experiment) -> String? {
    if corpus != other.corpus { return "of \(corpus), not of \(other.corpus)" }
    if testedBy != other.testedBy { return "under \(testedBy.name), not under \(other.testedBy.name)" }
    if recipe != other.recipe {
      return "its recipe differs in \(recipe.differences(from: other.recipe).joined(separator: ", "))"
    }
    return hasOtherRecordings(than: other.recordings)
      ? "the recordings of \(corpus), their speakers or their labels have changed since" : nil
  }

  /// Refuses a corpus that the run was not made of.
  package func check(_ corpus: Corpus, of run: String) throws(TrainingError) {
    guard self.corpus == corpus.name else {
      throw TrainingError(
        .usage, "\(run) is a run of \(self.corpus), not of \(corpus.name)",
        advice:
          "give the corpus, format and selection of that run, and the corpora joined with it and beside it in their order"
      )
    }
    guard !hasOtherRecordings(than: corpus.identity) else {
      throw TrainingError(
        .usage, "\(run) was made of other recordings, speakers or labels than \(corpus.name) has now",
        advice: "give the corpus as it was, and the selection of that run, or run the crossval anew")
    }
  }

  func hasOtherRecordings(than identity: String?) -> Bool {
    guard let recordings, let identity else { return false }
    return recordings != identity
  }

  /// The protocol's name as it is printed: one whose figures are too good says so, and so does one whose name does not
  /// tell that the models follow the test speaker.
  package var printedProtocol: String {
    if followsUnsaid { return testedBy.name + " (following the speaker)" }
    return evaluation?.isLeaky == true ? testedBy.name + " (LEAKY)" : testedBy.name
  }

  /// What a reader of the figures must know; empty for a protocol that this version does not know.
  package var caveat: String {
    guard let evaluation else { return "" }
    let following = followsUnsaid ? "; standardised by what was heard of each test speaker before, without labels" : ""
    let order = hearsInRandomOrder ? "in an order drawn at random" : "in the order of the recordings' names"
    return evaluation.caveat + following + (recipe.follows ? ", \(order)" : "")
  }

  /// Whether a test speaker's recordings are heard in an order that says nothing of the labels. Names often do: they
  /// are the order of the first models that followed.
  var hearsInRandomOrder: Bool { recipe.head != nil || evaluation == .locoAdapted }

  /// Test recordings in the order in which they are heard.
  func heardOrder(_ recordings: [Int]) -> [Int] {
    guard recipe.follows, hearsInRandomOrder else { return recordings }
    var generator = SeededGenerator(seed: 1)
    return recordings.shuffled(using: &generator)
  }

  /// Recipes whose models follow their speaker are chosen by groups of speakers, too, whose names do not say it.
  var followsUnsaid: Bool { recipe.follows && evaluation?.follows != true }
}
