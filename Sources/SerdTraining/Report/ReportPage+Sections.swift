import SerdConsole

extension ReportPage {
  var resultSection: String {
    let rows = figures.networks.map {
      [$0.name, $0.weightedAccuracy.text, $0.unweightedAccuracy.text, $0.weightedF1.text, $0.macroF1.text]
    }
    let agreement = figures.agreement
    var text = table(["in %", "WA", "UA", "F1 (weighted)", "F1 (macro)"], rows)
    text += "<p>In brackets: 95 % intervals by bootstrap over \(figures.run.speakers.count) speakers. "
    text += "Int8, as serd runs it, and float decide alike on \(agreement.sameDecision.percent) % of the recordings; "
    text += "their probabilities differ by \(agreement.meanDifference.decimals(4)) on average. "
    text += "Recordings in which the gate heard no speech, counted as errors: \(int8.unheard).</p>"
    return section("Results", text)
  }

  var confusionSection: String {
    let labels = figures.run.labels
    let pictures = figures.networks.reversed().map { network in
      let chart = ConfusionChart(title: "Confusion matrix, \(network.name)", matrix: network.confusion, labels: labels)
      let rows = network.confusion.counts.enumerated().map { label, counts in [labels[label]] + counts.map(String.init)
      }
      return figure(
        chart.svg,
        caption: "\(network.name): rows are what was acted, columns what was heard, shades shares of the row.",
        table: table(["acted \\ heard"] + labels, rows))
    }
    return section("Confusion", "<div class=\"figures\">\(pictures.joined())</div>")
  }

  var calibrationSection: String {
    let networks = (figures.calibrated.map { [$0] } ?? []) + figures.networks.reversed()
    let pictures = networks.map { network in
      let rows = network.reliability.bins.map { bin in
        [
          "\(bin.lower.percent) to \(bin.upper.percent)", "\(bin.count)", bin.confidence.map(\.percent) ?? "–",
          bin.accuracy.map(\.percent) ?? "–",
        ]
      }
      let chart = ReliabilityChart(title: "Reliability, \(network.name)", reliability: network.reliability)
      return figure(
        chart.svg, caption: "\(network.name): expected calibration error \(network.calibrationError.text) %.",
        table: table(["confidence, %", "decisions", "mean confidence, %", "right, %"], rows))
    }
    let note =
      "<p>Of the decisions made with a confidence of 80 %, 80 % should be right: dots on the dashed line. "
      + "Below it the network is too sure of itself, above it too modest.</p>"
    return section("Calibration", "<div class=\"figures\">\(pictures.joined())</div>" + note)
  }

  var classSection: String {
    let rows = int8.classes.map { row in
      [
        row.label, "\(row.count)", row.recall?.text ?? "–", row.precision.map(\.percent) ?? "–",
        row.f1.map(\.percent) ?? "–",
      ]
    }
    let chart = IntervalChart(
      title: "Recall per emotion, int8",
      rows: int8.classes.compactMap { row in row.recall.map { IntervalChart.Row(name: row.label, interval: $0) } },
      overall: int8.unweightedAccuracy.value)
    return section(
      "Per emotion",
      figure(
        chart.svg,
        caption: "Recall of each emotion (int8) with intervals over speakers; the dashed line is the mean (UA).",
        table: table(["int8, %", "decisions", "recall", "precision", "F1"], rows)))
  }

  var speakerSection: String {
    let rows = int8.speakers.map {
      [$0.speaker, "\($0.count)", $0.weightedAccuracy.text, $0.unweightedAccuracy.text]
    }
    let chart = IntervalChart(
      title: "UA per speaker, int8",
      rows: int8.speakers.map { IntervalChart.Row(name: $0.speaker, interval: $0.unweightedAccuracy) },
      overall: int8.unweightedAccuracy.value)
    return section(
      "Per speaker",
      figure(
        chart.svg,
        caption:
          "UA of each speaker (int8); intervals over the speaker's own recordings; the dashed line is the UA of all.",
        table: table(["int8, %", "decisions", "WA", "UA"], rows)))
  }

  var curveSection: String {
    let hidden: Set<String> = ["learningRate", "clipsPerSecond"]
    let quantities = Set(figures.curves.map(\.quantity)).subtracting(hidden).sorted()
    let pictures = quantities.map { quantity in
      let curves = figures.curves.filter { $0.quantity == quantity }
      let isShare = ["Accuracy", "F1"].contains { quantity.hasSuffix($0) }
      let chart = LineChart(title: quantity, curves: curves, isShare: isShare)
      let rows = chart.mean.map { point in
        ["\(point.epoch)", chart.format(point.value)]
          + curves.map { curve in curve.epochs.firstIndex(of: point.epoch).map { chart.format(curve.values[$0]) } ?? "–"
          }
      }
      return figure(
        chart.svg, caption: "\(quantity.escaped): a thin line per fold and seed, the thick one is their mean.",
        table: table(["epoch", "mean"] + curves.map { "seed \($0.seed), \($0.fold)" }, rows))
    }
    let content = pictures.isEmpty ? "<p>The run has no log.</p>" : "<div class=\"figures\">\(pictures.joined())</div>"
    return section("Training", content)
  }

  var foldSection: String {
    let rows = figures.folds.map {
      [
        "\($0.fold)", "\($0.seed)", "\($0.recordings)", $0.floatUA.percent, $0.int8UA.percent, $0.int8WA.percent,
        $0.temperature.map { Double($0).decimals(3) } ?? "–",
      ]
    }
    return section(
      "Folds", table(["fold", "seed", "recordings", "UA float, %", "UA int8, %", "WA int8, %", "temperature"], rows))
  }

  var definitions: String {
    section(
      "What the measures are",
      """
      <dl>
      <dt>WA</dt><dd>weighted accuracy: the share of right decisions</dd>
      <dt>UA</dt><dd>unweighted accuracy: the mean recall of the emotions that occur</dd>
      <dt>F1</dt><dd>2 · hits / (occurrences + predictions) of an emotion; macro: the mean, weighted: by occurrences</dd>
      <dt>calibration error</dt><dd>mean of |share right − confidence| over \(Reliability.binCount) bins of confidence, weighted by
      decisions (Guo et al. 2017)</dd>
      <dt>interval</dt><dd>95 %, percentile bootstrap: speakers drawn with replacement, each with all of its decisions</dd>
      </dl>
      """)
  }
}
