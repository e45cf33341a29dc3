import SerdTraining
import Testing

/// What a model file tells of the command that made it.
@Suite struct PublicCommandTests {
  private func told(_ words: [String], corpus: String) -> String {
    PublicCommand(
      ["sertrain"] + words, corpus: corpus,
      options: [
        "--also": .corpus, "--beside": .corpus, "--leave-out-unreadable": .flag, "--recipe": .recipe,
        "--start-from": .place("START"), "--run": .place("RUN"), "--evaluation": .place("EVALUATION"),
        "--ledger": .place("LEDGER"),
      ]
    ).text
  }

  @Test(
    "A command is told without the user's folders",
    arguments: [
      ("train /home/me/emodb --run /tmp/r --name mine", "train FOLDER --run RUN --name mine"),
      ("train emodb --name emodb --run=loso", "train FOLDER --name emodb --run=RUN"),
      ("crossval emodb --protocol loso --run loso", "crossval FOLDER --protocol loso --run RUN"),
      ("train c --run r --evaluation /home/me/loso", "train FOLDER --run RUN --evaluation EVALUATION"),
      ("crossval c --leave-out-unreadable --run r", "crossval FOLDER --leave-out-unreadable --run RUN"),
      ("crossval --leave-out-unreadable c --run r", "crossval --leave-out-unreadable FOLDER --run RUN"),
      (
        "crossval c --beside ravdess:/data/r --run r", "crossval FOLDER --beside ravdess:FOLDER --run RUN"
      ),
      (
        "crossval c --also ravdess:/data/r --also=emodb:/data/e",
        "crossval FOLDER --also ravdess:FOLDER --also=emodb:FOLDER"
      ),
      ("train c --recipe /home/me/mine.json", "train FOLDER --recipe mine.json"),
      ("train c --recipe rooms --start-from a/float.safetensors", "train FOLDER --recipe rooms --start-from START"),
      ("crossval c --ledger /home/me/ledger.jsonl", "crossval FOLDER --ledger LEDGER"),
    ])
  func foldersBecomeNames(command: String, told: String) {
    let words = command.split(separator: " ").map(String.init)
    #expect(self.told(words, corpus: words.first { $0 == "c" || $0.hasSuffix("emodb") }!) == "sertrain " + told)
  }

  @Test("Only the corpus becomes FOLDER, not an option's value that reads the same")
  func aFolderOfTheSamePlaceAsTheRunStays() {
    // The corpus's word as an option's value is not the corpus.
    let command = told(["train", "loso", "--name", "loso", "--run", "loso"], corpus: "loso")
    #expect(command == "sertrain train FOLDER --name loso --run RUN")
  }

  @Test("An option whose value is missing or empty is told as it is")
  func anOptionWithoutItsValueIsTold() {
    #expect(told(["train", "c", "--run"], corpus: "c") == "sertrain train FOLDER --run")
    #expect(told(["train", "c", "--recipe", "/"], corpus: "c") == "sertrain train FOLDER --recipe ")
  }
}
