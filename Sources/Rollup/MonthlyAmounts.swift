/// Amounts or counts by month number, 0 being the first published one; months outside hold nothing and take nothing.
struct MonthlyAmounts {
  let first: Int
  private var values: [Int64]

  init(first: Int = 0, count: Int) {
    self.first = first
    values = Array(repeating: 0, count: count)
  }

  subscript(month: Int) -> Int64 {
    get { values.indices.contains(month - first) ? values[month - first] : 0 }
    set { if values.indices.contains(month - first) { values[month - first] = newValue } }
  }

  func sum(_ months: ClosedRange<Int>) -> Int128 { months.reduce(0) { $0 + Int128(self[$1]) } }
}
