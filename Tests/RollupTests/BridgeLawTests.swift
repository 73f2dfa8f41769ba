import Model
import Rollup
import Testing

/// Laws that hold between the two bridges on any book.
@Suite struct BridgeLawTests {
  @Test(arguments: 1...12)
  func bothBridgesShareLevelsAndTheSumOfMovements(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.random(&chance)
    let policy = Policy.random(&chance)
    func rolledUp(_ bridge: Policy.Bridge, _ change: (inout Policy) -> Void = { _ in }) -> TestResult {
      book.rolledUp(
        through: "2023-11", dimensions: TestBook.dimensions,
        policy: {
          $0 = policy
          $0.bridge = bridge
          change(&$0)
        }, zone: TestBook.zone)
    }
    let (ends, events) = (rolledUp(.endPoint), rolledUp(.event))
    #expect(ends.errors.isEmpty && events.errors.isEmpty, "seed \(seed): \(events.errors.map(\.problem))")
    #expect(keyed(ends, \.starting) == keyed(events, \.starting), "seed \(seed)")
    #expect(keyed(ends, \.ending) == keyed(events, \.ending), "seed \(seed)")
    #expect(keyed(ends, \.fx) == keyed(events, \.fx), "seed \(seed)")
    #expect(
      keyed(ends, \.movedAndTransferred) == keyed(events, \.movedAndTransferred), "seed \(seed)")
    #expect(ends.result.customerMRR == events.result.customerMRR, "seed \(seed)")
    #expect(ends.result.cohorts == events.result.cohorts, "seed \(seed)")
    #expect(ends.result.memberships == events.result.memberships, "seed \(seed)")
    // Only the window's own rates differ where the window alone is another one.
    let windows = Set([
      "customer_churn_rate", "customer_retention_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate",
    ])
    let days = rolledUp(.event) { $0.churnWindow = .thirtyDays }
    #expect(days.errors.isEmpty, "seed \(seed): \(days.errors.map(\.problem))")
    #expect(figures(days, except: windows) == figures(events, except: windows), "seed \(seed)")
    let endDays = rolledUp(.endPoint) { $0.churnWindow = .thirtyDays }
    #expect(endDays.errors.isEmpty, "seed \(seed): \(endDays.errors.map(\.problem))")
    #expect(endDays.result.bridge == ends.result.bridge, "seed \(seed)")
    #expect(endDays.result.movements == ends.result.movements, "seed \(seed)")
    // A month of 30 days is its own window.
    for (days, month) in [(days, events), (endDays, ends)] {
      #expect(
        figures(days, only: windows, of: "2023-06") == figures(month, only: windows, of: "2023-06"),
        "seed \(seed)")
    }
  }

  @Test(arguments: 1...12)
  func aGroupAsLongAsTheMonthGivesTheEndPointBridge(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.random(&chance)
    func rolledUp(_ change: @escaping (inout Policy) -> Void) -> TestResult {
      book.rolledUp(through: "2023-11", dimensions: TestBook.dimensions, policy: change, zone: TestBook.zone)
    }
    let ends = rolledUp { _ in }
    let events = rolledUp {
      $0.bridge = .event
      $0.groupingMinutes = 44_700
    }
    #expect(ends.result.bridge == events.result.bridge, "seed \(seed)")
    #expect(ends.result.movements == events.result.movements, "seed \(seed)")
  }

  /// A figure of the month's bridge by segment and valuation, cells with nothing in them left out.
  private func keyed(_ result: TestResult, _ pick: (BridgeAmounts) -> Int64) -> [String: Int64] {
    var cells: [String: Int64] = [:]
    for row in result.result.bridge {
      let value = pick(row.amounts)
      if value != 0 { cells["\(row.period.label) \(row.segment) \(row.valuation)"] = value }
    }
    return cells
  }

  private func figures(
    _ result: TestResult, except left: Set<String> = [], only wanted: Set<String>? = nil,
    of label: String? = nil
  ) -> [String: MetricValue] {
    var values: [String: MetricValue] = [:]
    for figure in result.result.figures
    where !left.contains(figure.metric) && wanted?.contains(figure.metric) ?? true
      && label ?? figure.period.label == figure.period.label
    {
      // A segment the window alone sees has figures that say nothing.
      switch figure.value {
      case .null, .money(0), .count(0): continue
      default:
        values["\(figure.period.label) \(figure.metric) \(figure.segment) \(figure.valuation)"] = figure.value
      }
    }
    return values
  }
}

extension BridgeAmounts {
  fileprivate var movedAndTransferred: Int64 { netNew + transferIn + transferOut }
}
