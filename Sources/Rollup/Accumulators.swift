import Model

/// What the sweep adds up: one cell for each segment and month, in one flat array.
struct BridgeTable {
  let months: Int
  var amounts: [BridgeAmounts]
  var counts: [BridgeCounts]

  init(segments: Int, months: Int) {
    self.months = months
    amounts = Array(repeating: BridgeAmounts(), count: segments * months)
    counts = Array(repeating: BridgeCounts(), count: segments * months)
  }

  @inline(__always) func cell(_ segment: Int, _ month: Int) -> Int { segment * months + month }

  static func + (left: BridgeTable, right: BridgeTable) -> BridgeTable {
    var sum = left
    for index in sum.amounts.indices {
      sum.amounts[index] += right.amounts[index]
      sum.counts[index] += right.counts[index]
    }
    return sum
  }

  /// Adds months in which nothing happened: the level stands in starting and ending alike.
  mutating func add(steady levels: SpanTable<SteadyLevel>) {
    for (index, level) in levels.summed().enumerated() {
      amounts[index].starting += level.mrr
      amounts[index].ending += level.mrr
      counts[index].starting += level.customers
      counts[index].ending += level.customers
    }
  }
}

/// A quantity that can be summed up over runs of months.
protocol Addable {
  static var zero: Self { get }
  static func += (left: inout Self, right: Self)
  static func -= (left: inout Self, right: Self)
}

/// Sums over runs of months, at the cost of two additions a run however long it is.
struct SpanTable<Cell: Addable> {
  let months: Int
  var steps: [Cell]

  init(segments: Int, months: Int) {
    self.months = months
    steps = Array(repeating: .zero, count: segments * (months + 1))
  }

  @inline(__always) mutating func add(_ cell: Cell, _ segment: Int, _ months: ClosedRange<Int>) {
    let row = segment * (self.months + 1)
    steps[row + months.lowerBound] += cell
    steps[row + months.upperBound + 1] -= cell
  }

  /// One cell for each segment and month.
  func summed() -> [Cell] {
    var cells: [Cell] = []
    cells.reserveCapacity(steps.count)
    for row in stride(from: 0, to: steps.count, by: months + 1) {
      var level = Cell.zero
      for month in 0..<months {
        level += steps[row + month]
        cells.append(level)
      }
    }
    return cells
  }
}

/// A customer's MRR in a month in which nothing happens.
struct SteadyLevel: Addable {
  var mrr: Int64
  var customers: Int64

  static let zero = SteadyLevel(mrr: 0, customers: 0)

  @inline(__always) static func += (left: inout Self, right: Self) {
    left.mrr += right.mrr
    left.customers += right.customers
  }

  @inline(__always) static func -= (left: inout Self, right: Self) {
    left.mrr -= right.mrr
    left.customers -= right.customers
  }
}

/// Retention of the customers at a window's start: their MRR then, now, and `min(then, now)` summed over customers.
struct RetentionCell: Hashable, Addable {
  var then: Int64 = 0
  var now: Int64 = 0
  var kept: Int64 = 0

  static let zero = RetentionCell()

  @inline(__always) static func += (left: inout Self, right: Self) {
    left.then += right.then
    left.now += right.now
    left.kept += right.kept
  }

  @inline(__always) static func -= (left: inout Self, right: Self) {
    left.then -= right.then
    left.now -= right.now
    left.kept -= right.kept
  }
}

/// The windows of retention, as sums under way.
struct RetentionSums {
  /// By window, then segment and month.
  var reported: [SpanTable<RetentionCell>]
  var constant: [SpanTable<RetentionCell>]
  /// Of the customers whose first MRR was twelve months ago.
  var signupReported: SpanTable<RetentionCell>
  var signupConstant: SpanTable<RetentionCell>
  /// Of twelve months, by the segments of customers at their end.
  var endReported: SpanTable<RetentionCell>
  var endConstant: SpanTable<RetentionCell>

  init(segments: Int, months: Int) {
    let empty = SpanTable<RetentionCell>(segments: segments, months: months)
    reported = RetentionTable.windows.map { _ in empty }
    constant = reported
    (signupReported, signupConstant) = (empty, empty)
    (endReported, endConstant) = (empty, empty)
  }
}

/// The windows of retention, one cell for each segment and month.
struct RetentionTable {
  /// Months of the windows kept, by position.
  static let windows = [1, 3, 12]
  let reported: [[RetentionCell]]
  let constant: [[RetentionCell]]
  let signupReported: [RetentionCell]
  let signupConstant: [RetentionCell]
  let endReported: [RetentionCell]
  let endConstant: [RetentionCell]

  init(_ sums: RetentionSums) {
    reported = sums.reported.map { $0.summed() }
    constant = sums.constant.map { $0.summed() }
    signupReported = sums.signupReported.summed()
    signupConstant = sums.signupConstant.summed()
    endReported = sums.endReported.summed()
    endConstant = sums.endConstant.summed()
  }
}

extension BridgeAmounts {
  static func += (left: inout BridgeAmounts, right: BridgeAmounts) {
    left.starting += right.starting
    left.restatement += right.restatement
    left.transferIn += right.transferIn
    left.transferOut += right.transferOut
    left.new += right.new
    left.reactivation += right.reactivation
    left.expansion += right.expansion
    left.contraction += right.contraction
    left.churn += right.churn
    left.fx += right.fx
    left.ending += right.ending
  }

  /// Everything but the ending; the identity says that it equals ``ending``.
  public var sumOfParts: Int64 {
    starting + restatement + transferIn + transferOut + new + reactivation + expansion + contraction + churn
      + fx
  }

  /// All movements without fx and transfers.
  public var netNew: Int64 { new + reactivation + expansion + contraction + churn }
}

extension BridgeCounts {
  static func += (left: inout BridgeCounts, right: BridgeCounts) {
    left.starting += right.starting
    left.transferIn += right.transferIn
    left.transferOut += right.transferOut
    left.new += right.new
    left.reactivated += right.reactivated
    left.churned += right.churned
    left.ending += right.ending
  }

  public var sumOfParts: Int64 { starting + transferIn - transferOut + new + reactivated - churned }
}
