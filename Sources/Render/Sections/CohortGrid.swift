import Model

/// Cohorts down, ages across: what share of each cohort's first customers or MRR is still there.
struct CohortGrid {
  enum Measure: CaseIterable {
    case customers, net, gross

    var title: String {
      switch self {
      case .customers: "Customers"
      case .net: "Net MRR"
      case .gross: "Gross MRR"
      }
    }

    func share(_ cell: CohortCell) -> (number: Int64, of: Int64) {
      switch self {
      case .customers: (cell.customers, cell.customersAtStart)
      case .net: (cell.net, cell.mrrAtStart)
      case .gross: (cell.gross, cell.mrrAtStart)
      }
    }
  }

  let grain: Grain
  /// Whether amounts in other currencies make it matter at which rates cohorts are valued.
  let hasExchangeRates: Bool
  /// Oldest first.
  let cohorts: [Period]
  let ages: Int
  private var cells: [Period: [Int: CohortCell]] = [:]

  /// The latest cohorts of one grain over the whole company.
  init(_ data: ReportData, _ grain: Grain, limit: Int, hasExchangeRates: Bool = false) {
    self.grain = grain
    self.hasExchangeRates = hasExchangeRates
    let all = data.cohorts.filter {
      $0.period.grain == grain && $0.segment == .all && $0.period.last <= data.month
        && $0.customersAtStart > 0
    }
    let periods = Set(all.map(\.period)).sorted { $0.last < $1.last }
    cohorts = Array(periods.suffix(limit))
    let shown = Set(cohorts)
    var oldest = -1
    for cell in all where shown.contains(cell.period) && cell.age < limit {
      cells[cell.period, default: [:]][cell.age] = cell
      oldest = max(oldest, cell.age)
    }
    ages = oldest + 1
  }

  func cell(_ cohort: Period, _ age: Int) -> CohortCell? { cells[cohort]?[age] }

  func table(_ measure: Measure, _ currency: Currency) -> Table {
    // A cohort is counted where its first period ends: of a month that is its start, of a quarter months may lie between.
    let isMonth = grain == .month
    let start = isMonth ? "start" : "the \(grain.noun)'s end"
    let title = measure == .customers ? "Customers at \(start)" : "MRR at \(start) (\(currency.code))"
    let rates =
      hasExchangeRates && measure != .customers
      ? ", at constant rates: those of \(isMonth ? "the " : "")\(start)" : ""
    var table = Table(
      caption:
        "\(measure.title) still there, percent of \(isMonth ? "the " : "")\(start), by age in \(grain.noun)s\(rates)"
        + (isMonth ? "" : "; who came and left within one \(grain.noun) is not counted"),
      columns: [.init("Cohort", isNumber: false), .init(title)] + (0..<ages).map { .init("\($0)") })
    table.isGrid = true
    let shades = shades(measure)
    for cohort in cohorts {
      var cells = [Cell(cohort.label)]
      if let first = cell(cohort, 0) ?? self.cells[cohort]?.values.first {
        cells.append(
          measure == .customers ? .count(first.customersAtStart) : .money(first.mrrAtStart, currency))
      } else {
        cells.append(.blank)
      }
      for age in 0..<ages {
        guard let cell = cell(cohort, age), measure.share(cell).of != 0 else {
          cells.append(.blank)
          continue
        }
        let share = measure.share(cell)
        cells.append(Self.cell(share, shades))
      }
      table.rows.append(.init(cells: cells))
    }
    return table
  }

  private static func cell(_ share: (number: Int64, of: Int64), _ shades: ClosedRange<Int>) -> Cell {
    // The caption says percent.
    var cell = Cell.share(share.number, of: share.of)
    cell.text = percentText(share)
    cell.heat = heat(share, shades)
    return cell
  }

  /// One decimal, without the sign: the caption says percent.
  static func percentText(_ share: (number: Int64, of: Int64)) -> String {
    decimalText(roundedQuotient(Int128(share.number) * 100_000, Int128(share.of)), scale: 3, digits: 1)
  }

  /// What the first and the last shade stand for, in percent: what nine of ten cells lie between, with 100 % and in whole tens, so that
  /// one odd cohort changes nothing and the next month seldom does. The start is not looked at, where everything is 100 %.
  func shades(_ measure: Measure) -> ClosedRange<Int> {
    var shares: [Int128] = []
    for cohort in cohorts {
      for age in 0..<ages where age > 0 {
        guard let share = cell(cohort, age).map(measure.share), share.of > 0 else { continue }
        shares.append(max(0, Int128(share.number)) * 1000 / Int128(share.of))
      }
    }
    shares.sort()
    let few = shares.count / 20
    let low = min(10, (shares.dropFirst(few).first ?? 1000) / 100)
    let high = max(10, ((shares.dropLast(few).last ?? 1000) + 99) / 100)
    return Int(clamping: max(0, min(low, high - 3)) * 10)...Int(clamping: high * 10)
  }

  /// 0 at the first of the shades and less, 1 at the last and more.
  static func heat(_ share: (number: Int64, of: Int64), _ shades: ClosedRange<Int>) -> Double {
    let percent = Double(share.number) / Double(share.of) * 100
    return min(1, max(0, (percent - Double(shades.lowerBound)) / Double(shades.count - 1)))
  }
}
