import Foundation
import SerdAudio

extension IEMOCAP {
  /// A turn's name taken apart: `Ses01F_impro04_M012`, `Ses05M_script01_1b_F003`.
  struct Turn: Equatable {
    /// As written in the evaluation.
    let name: String
    /// 1 to 5.
    let session: Int
    /// Session and the letter of who speaks: `1M`.
    let speaker: String
    /// `Ses01F_impro04`.
    let dialogue: String
    /// What is played, the same in all sessions: `impro04`, `script01_1`. The nearest to a sentence that the names
    /// tell.
    let script: String

    init?(_ name: String) {
      let parts = name.lowercased().split(separator: "_", omittingEmptySubsequences: false)
      guard parts.count >= 3, let head = parts.first, let tail = parts.last, head.count == 6, head.hasPrefix("ses"),
        let session = Int(head.dropFirst(3).dropLast()), (1...5).contains(session), let marked = head.last,
        let letter = tail.first, "fm".contains(marked), "fm".contains(letter), tail.count > 1,
        tail.dropFirst().allSatisfy(\.isNumber), parts[1].hasPrefix("impro") || parts[1].hasPrefix("script")
      else { return nil }
      self.name = name
      self.session = session
      speaker = "\(session)\(letter.uppercased())"
      dialogue = String(name[..<name.lastIndex(of: "_")!])
      // The variants of a script (a, b) differ in who speaks first, or in a retake.
      let script = parts[1..<parts.count - 1].joined(separator: "_")
      self.script = String(script.reversed().drop { $0.isLetter }.reversed())
    }

    /// Why this turn is not part of the selection, or nil.
    func reasonAgainst(_ selection: CorpusSelection) -> String? {
      if let sessions = selection.sessions, !sessions.contains(session) { return "session \(session) is not selected" }
      let isScripted = script.hasPrefix("script")
      if selection.part == .scripted && !isScripted || selection.part == .improvised && isScripted {
        return "not \(selection.part!.rawValue), as selected"
      }
      return nil
    }
  }

  /// One evaluated turn: `[6.2901 - 8.2357]<TAB>Ses01F_impro01_F000<TAB>neu<TAB>[2.5000, 2.5000, 2.5000]`.
  struct EvaluationLine: Equatable {
    let turn: Turn
    let code: String
    /// Of the dialogue, in samples at 16 kHz; not empty.
    let span: Range<Int>

    init?(_ line: Substring) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count >= 3, fields[0].hasPrefix("["), fields[0].hasSuffix("]"), let turn = Turn(String(fields[1]))
      else { return nil }
      let times = fields[0].dropFirst().dropLast().components(separatedBy: " - ").map { Double($0) ?? .nan }
      guard times.count == 2, times[0] >= 0, times[1] > times[0], times[1] < 1e5 else { return nil }
      self.turn = turn
      code = fields[2].lowercased()
      let ends = times.map { Int(($0 * Double(SampleRate.pipeline)).rounded()) }
      guard ends[0] < ends[1] else { return nil }
      span = ends[0]..<ends[1]
    }

    /// The evaluated turns of a file. The lines between them are single listeners' opinions.
    static func lines(of path: String, leavingOut draft: inout CorpusDraft) -> [EvaluationLine] {
      guard path.lowercased().hasSuffix(".txt") else {
        draft.leaveOut(path, "not an evaluation (.txt)")
        return []
      }
      guard let data = FileManager.default.contents(atPath: path) else {
        draft.leaveOut(path, "cannot be read")
        return []
      }
      // The text is ASCII; a stray byte in a comment must not lose the file.
      let text = String(decoding: data, as: UTF8.self)
      var lines: [EvaluationLine] = []
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      where line.hasPrefix("[") {
        if let evaluated = EvaluationLine(line) {
          lines.append(evaluated)
        } else {
          draft.leaveOut("\(path):\(index + 1)", "not a line like [6.29 - 8.24] Ses01F_impro01_F000 neu, with tabs")
        }
      }
      if lines.isEmpty { draft.leaveOut(path, "no evaluated turn in it") }
      return lines
    }
  }
}
