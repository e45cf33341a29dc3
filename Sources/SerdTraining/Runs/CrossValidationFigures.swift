/// What a finished cross-validation says of the model that is trained by its recipe on all speakers: figures, and a
/// temperature.
package struct CrossValidationFigures {
  /// `loso.int8.UA`, `loso.int8.ECE` and so on, as fractions; `-leaky` after the name of a protocol that leaks,
  /// `-following` after one that does not say that the models follow the test speaker; `ECE-calibrated` if every fold
  /// has a temperature of its own (`FinishedRun.calibrate`). `loso.float.ECE-other-folds` is with each fold's
  /// temperature fitted to the decisions of the others: what `temperature` does for speakers that it was not fitted to.
  package let byName: [String: Double]
  /// What the logits of a model of all speakers are to be divided by; nil if the protocol leaks.
  ///
  /// Fitted to all decisions of the run at once: each is of a network that had not heard the speaker, by the same
  /// recipe, and every speaker is one that the model of all speakers is trained on. No fold may use it, for it has seen
  /// the fold's test speaker; how well a temperature does on strangers is what `ECE-calibrated` says. Of the float
  /// networks, whose decisions are of one window: int8 averages the windows of longer recordings, and a mean of
  /// softmaxes has no temperature.
  package let temperature: Float?

  /// Of a run whose folds are done. - Throws: `TrainingError` if some are not.
  package init(record: RunRecord) throws(TrainingError) {
    let experiment = record.experiment
    guard record.unfinished.isEmpty else {
      throw TrainingError(
        .usage, "the cross-validation lacks \(record.unfinished.joined(separator: ", "))",
        advice: "finish it: the command that began it goes on")
    }
    let isLeaky = experiment.evaluation?.isLeaky == true
    let name = experiment.testedBy.name + (isLeaky ? "-leaky" : experiment.followsUnsaid ? "-following" : "")
    var figures: [String: Double] = [:]
    let results = record.results
    for (kind, decisions) in [("float", results.flatMap(\.float)), ("int8", results.flatMap(\.int8))]
    where !decisions.isEmpty {
      let matrix = decisions.matrix(record.labels.count)
      figures["\(name).\(kind).WA"] = matrix.weightedAccuracy
      figures["\(name).\(kind).UA"] = matrix.unweightedAccuracy
      figures["\(name).\(kind).ECE"] = Reliability(decisions: decisions).expectedCalibrationError
    }
    if record.calibrations.count == results.count {
      figures["\(name).int8.ECE-calibrated"] =
        Reliability(decisions: record.calibrations.flatMap(\.int8)).expectedCalibrationError
    }
    if !isLeaky {
      let kind = results.contains { $0.oneWindow != nil } ? "window" : "float"
      figures["\(name).\(kind).ECE-other-folds"] =
        Reliability(decisions: TemperatureScaling.scaledByOtherFolds(results)).expectedCalibrationError
    }
    byName = figures
    temperature = isLeaky ? nil : TemperatureScaling.temperature(of: results.flatMap(\.ofOneWindow))
  }

  /// Refuses to lend the figures of one experiment to the model of another.
  package static func check(_ evaluated: Experiment, fits trained: Experiment) throws(TrainingError) {
    var recipe = evaluated.recipe
    recipe.purpose = trained.recipe.purpose
    guard evaluated.corpus == trained.corpus, recipe == trained.recipe else {
      func named(_ experiment: Experiment) -> String {
        "recipe \(experiment.recipe.name) with \(experiment.recipe.epochs) epochs on \(experiment.corpus)"
      }
      let isSameByName = named(evaluated) == named(trained)
      throw TrainingError(
        .usage,
        "the cross-validation is of \(isSameByName ? "another " : "")\(named(evaluated)), not of \(named(trained))",
        advice: "its figures would not be this model's: run crossval with the same recipe and corpus")
    }
    guard !evaluated.hasOtherRecordings(than: trained.recordings) else {
      throw TrainingError(
        .usage, "the cross-validation was made of other recordings, speakers or labels than \(trained.corpus) has now",
        advice: "its figures would not be this model's: run crossval anew")
    }
  }
}
