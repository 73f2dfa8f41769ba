import Model

/// Net MRR of monthly cohorts as shades, for more cohorts than a table has room for.
enum CohortHeatMap {
  static func drawing(_ grid: CohortGrid) -> Drawing {
    let left = 72.0
    let side = min(34, (672 - left) / Double(max(1, grid.ages)))
    let height = min(20, max(13, side))
    let top = 40.0
    let bottom = top + height * Double(grid.cohorts.count)
    var drawing = Drawing(
      title: "Net MRR retention by cohort",
      description: description(grid), width: 680, height: bottom + 34)
    drawing.text(
      "Net MRR of monthly cohorts, percent of their first MRR"
        + (grid.hasExchangeRates ? ", at constant rates" : ""), x: 0, y: 12, style: "heading")
    let hasNumbers = side >= 24
    let step = side >= 18 ? 1 : 3
    let shades = grid.shades(.net)
    for age in stride(from: 0, to: grid.ages, by: step) {
      drawing.text("\(age)", x: left + (Double(age) + 0.5) * side, y: top - 6, anchor: .middle)
    }
    drawing.text("age", x: left - 6, y: top - 6, anchor: .end)
    for (row, cohort) in grid.cohorts.enumerated() {
      let y = top + Double(row) * height
      drawing.text(cohort.last.shortName, x: left - 6, y: y + height / 2 + 3.5, anchor: .end)
      for age in 0..<grid.ages {
        guard let cell = grid.cell(cohort, age), cell.mrrAtStart != 0 else { continue }
        let share = (number: cell.net, of: cell.mrrAtStart)
        let shade = Int((CohortGrid.heat(share, shades) * 10).rounded())
        let x = left + Double(age) * side
        drawing.rectangle(
          x: x, y: y, width: side - 1, height: height - 1, style: "heat\(shade)",
          tip: "age \(age): \(CohortGrid.percentText(share)) %")
        if hasNumbers {
          let text = decimalText(
            roundedQuotient(Int128(share.number) * 100, Int128(share.of)), scale: 0, digits: 0)
          drawing.text(
            text, x: x + (side - 1) / 2, y: y + height / 2 + 3.5, anchor: .middle,
            style: shade >= 9 ? "cell light" : "cell")
        }
      }
    }
    drawLegend(&drawing, shades, y: bottom + 12)
    return drawing
  }

  private static func drawLegend(_ drawing: inout Drawing, _ shades: ClosedRange<Int>, y: Double) {
    drawing.text("\(shades.lowerBound) % or less", x: 168, y: y + 10, anchor: .end)
    for shade in 0...10 {
      drawing.rectangle(x: 176 + Double(shade) * 16, y: y, width: 15, height: 11, style: "heat\(shade)")
    }
    drawing.text("\(shades.upperBound) % or more; blank: too young", x: 362, y: y + 10)
  }

  private static func description(_ grid: CohortGrid) -> String {
    guard let first = grid.cohorts.first, let last = grid.cohorts.last else { return "No cohorts to show." }
    return
      "One row a cohort, from \(first.last.longName) to \(last.last.longName); one column a month of age;"
      + " the stronger the shade, the more of the first MRR is there."
  }
}
