/// What an evaluation protocol is worth, in words, for everybody who sees figures made under it.
struct ProtocolNote: Equatable {
  /// Whether test speakers were also trained on, or chose something.
  let isLeaky: Bool
  /// One or two sentences.
  let text: String

  /// Of a protocol by its name (design.md §3.5).
  init(protocolName name: String) {
    switch name {
    case "paper":
      isLeaky = true
      text =
        "Random splits: the same speakers are trained on and tested, and the best epoch is chosen on the test recordings. "
        + "The figures are too good by what that leaks; they only stand beside published ones made in the same way."
    case "loso":
      isLeaky = false
      text = "Leave one speaker out, a fixed number of epochs: nothing was chosen on the test speaker."
    case "loso-val":
      isLeaky = false
      text = "Leave one speaker out; the epoch was chosen on another speaker, kept out of training for that."
    case "loso-text":
      isLeaky = false
      text = "Both the speaker and the sentence tested were kept out of training."
    case "loso-adapted":
      isLeaky = false
      text =
        "Leave one speaker out, with a normalisation that has listened to the test speaker's own unlabelled speech. "
        + "Not comparable with figures without that."
    case "holdout":
      isLeaky = false
      text = "Some speakers were kept out once, for testing; the others were trained on."
    default:
      isLeaky = false
      text =
        name.hasPrefix("groups-")
        ? "Speakers in groups, each group left out once: for choosing among recipes, with less to train on than loso."
        : "A protocol that this report has no note on: see how it splits before you trust its figures."
    }
  }
}
