extension QuantisedModel {
  /// The classifier that serves live sound and files: the fastest there is for windows that overlap. (A window that
  /// shares nothing with the last one takes as long as with `Int8Network`.)
  package func makeClassifier(instructionSet: InstructionSet = .best) -> any WindowClassifier {
    IncrementalNetwork(model: self, instructionSet: instructionSet)
  }
}
