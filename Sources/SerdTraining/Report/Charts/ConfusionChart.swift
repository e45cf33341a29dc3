import SerdConsole

/// A confusion matrix: rows said, columns heard; each cell's shade is its share of the row.
struct ConfusionChart {
  let title: String
  let matrix: ConfusionMatrix
  let labels: [String]

  var svg: String {
    // Room for the longest label: a wide font takes 6.3 units a character.
    let longest = 6.3 * Double(labels.map(\.count).max() ?? 0)
    let (cell, rowHeight, left, top) = (max(50, longest + 3), 36.0, longest + 20, 30.0)
    let count = Double(labels.count)
    let recalls = matrix.recalls.compactMap { $0 }
    let mean = recalls.reduce(0, +) / Double(max(1, recalls.count))
    var picture = Picture(
      width: left + cell * (count + 1), height: top + rowHeight * count + 8, title: title,
      summary:
        "\(matrix.total) decisions on \(labels.count) emotions, mean recall \(mean.percent) %; rows are what was "
        + "acted, columns what was heard. The counts are in the table below.")
    for (index, label) in labels.enumerated() {
      picture.text(left + (Double(index) + 0.5) * cell, top - 10, label)
      picture.text(left - 8, top + (Double(index) + 0.5) * rowHeight + 4, label, anchor: "end")
    }
    picture.text(left + (count + 0.5) * cell, top - 10, "recall")
    for (row, counts) in matrix.counts.enumerated() {
      let total = counts.reduce(0, +)
      let y = top + Double(row) * rowHeight
      for (column, number) in counts.enumerated() {
        let share = total == 0 ? 0 : Double(number) / Double(total)
        let x = left + Double(column) * cell
        picture.box(x + 1, y + 1, cell - 2, rowHeight - 2, row == column ? "hit" : "miss", opacity: share)
        picture.box(x + 1, y + 1, cell - 2, rowHeight - 2, "frame")
        let style = number == 0 ? "zero" : share > 0.55 ? "inverse" : "count"
        picture.text(x + cell / 2, y + rowHeight / 2 + 5, "\(number)", style)
      }
      let recall = matrix.recalls[row].map { "\($0.percent) %" } ?? "–"
      picture.text(left + (count + 0.5) * cell, y + rowHeight / 2 + 5, recall, "count")
    }
    return picture.svg
  }
}
