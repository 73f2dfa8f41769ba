import Model

/// Who moved the month: the largest movements by name, a table a movement, tied to the bridge.
enum CustomersSection {
  static let movements: [BridgeLine] = [.new, .expansion, .contraction, .churn, .reactivation]

  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let moved = Dictionary(
      grouping: index.data.movements.filter { $0.month == index.data.month }, by: \.movement
    )
    .mapValues { CustomerMovement.largestFirst($0, index.data.customerKeys) }
    func list(_ line: BridgeLine) -> [CustomerMovement] { line.movement.flatMap { moved[$0] } ?? [] }
    for finding in BridgeLine.movements.compactMap({ tie($0, list($0), index) })
    where !builder.findings.contains(finding) {
      builder.findings.append(finding)
    }
    var sections: [ReportSection] = []
    for view in section.faces {
      switch view {
      case .summary:
        guard index.row(index.data.month) != nil else {
          sections += builder.omit(section, face: "All movements", index.absence(index.data.month))
          continue
        }
        sections += builder.section(section, face: "All movements", [.table(summary(index, list))])
      case .largest: sections += CustomerLists.largest(section, &builder)
      case .atRisk: sections += CustomerLists.atRisk(section, &builder)
      default:
        builder.add(tidy(index, list))
        sections += movements.filter { !list($0).isEmpty }.flatMap { line in
          builder.section(
            section, face: line.title, isOneOfMany: true,
            [.table(table(line, list(line), index, rows: section.rows))])
        }
      }
    }
    return sections
  }

  /// Customers, each counted once however often it moved.
  private static func customers(_ movements: some Sequence<CustomerMovement>) -> Int {
    Set(movements.map(\.customer)).count
  }

  private static func sum(_ movements: some Sequence<CustomerMovement>) -> Int128 {
    movements.reduce(Int128(0)) { $0 + Int128($1.amount) }
  }

  /// An error when the customers of a movement are not what the bridge says.
  private static func tie(_ line: BridgeLine, _ list: [CustomerMovement], _ index: FigureIndex) -> Finding? {
    guard let row = index.row(index.data.month), sum(list) != Int128(line.amount(row.amounts)) else {
      return nil
    }
    return Finding(
      .error, "movements-do-not-add-up",
      "\(index.data.month): \(line.title) of the customers is not that of the bridge",
      consequence: "the report contradicts itself", remedy: "run again with --full-refresh")
  }

  private static func summary(_ index: FigureIndex, _ list: (BridgeLine) -> [CustomerMovement]) -> Table {
    let data = index.data
    var table = Table(
      caption: "Movements of \(data.month.longName), in \(data.currency.code)",
      columns: [.init("Movement", isNumber: false), .init("Customers"), .init("Amount"), .init("Largest")])
    guard let row = index.row(data.month) else { return table }
    table.rows.append(
      .init(cells: [
        Cell("Starting MRR"), .blank, .money(row.amounts.starting, data.currency), .blank,
      ]))
    let lines = BridgeLine.shown(in: [row]).filter { $0 != .starting && $0 != .ending }
    for line in lines {
      let movements = list(line)
      let largest = movements.first.map {
        Cell.money($0.amount, data.currency, signed: true, detail: data.name(of: $0.customer))
      }
      table.rows.append(
        .init(cells: [
          Cell(line.title), line.movement == nil ? .blank : .count(customers(movements)),
          .money(line.amount(row.amounts), data.currency, signed: true), largest ?? .blank,
        ]))
    }
    table.rows.append(
      .init(
        cells: [Cell("Ending MRR"), .blank, .money(row.amounts.ending, data.currency), .blank],
        emphasis: .total))
    return table
  }

  private static func sentence(_ line: BridgeLine, _ list: [CustomerMovement], _ index: FigureIndex) -> String
  {
    let amount = briefMoneyText(Int64(clamping: sum(list)), index.data.currency, signed: true)
    let count = customers(list)
    let customers = count == 1 ? "1 customer" : "\(countText(count)) customers"
    return "\(line.title) in \(index.data.month.longName): \(customers), \(amount)"
  }

  private static func table(
    _ line: BridgeLine, _ list: [CustomerMovement], _ index: FigureIndex, rows limit: Int
  ) -> Table {
    let data = index.data
    let total = sum(list)
    // Who is new had nothing before, and who left has nothing after.
    let nothing = [(1, \CustomerMovement.before), (2, \.after)].filter { _, amount in
      list.allSatisfy { $0[keyPath: amount] == 0 }
    }.map(\.0)
    var table = Table(
      caption: sentence(line, list, index),
      columns: [
        .init("Customer", isNumber: false), .init("Before", rank: 2), .init("After", rank: 2),
        .init("Change"),
        .init("Share of movement", rank: 1),
      ].enumerated().filter { !nothing.contains($0.offset) }.map(\.element))
    func row(_ title: String, _ movements: ArraySlice<CustomerMovement>, _ emphasis: Table.Emphasis)
      -> Table.Row
    {
      let amount = sum(movements)
      let before = movements.reduce(Int128(0)) { $0 + Int128($1.before) }
      let after = movements.reduce(Int128(0)) { $0 + Int128($1.after) }
      let share = Cell.share(amount.magnitude, of: total.magnitude)
      func money(_ sum: Int128, signed: Bool = false) -> Cell { .money(sum, data.currency, signed: signed) }
      return .init(
        cells: [Cell(title), money(before), money(after), money(amount, signed: true), share]
          .enumerated().filter { !nothing.contains($0.offset) }.map(\.element),
        emphasis: emphasis)
    }
    let shown = list.count <= max(1, limit) + 1 ? list.count : max(1, limit)
    for number in 0..<shown {
      table.rows.append(row(data.name(of: list[number].customer), list[number...number], .none))
    }
    if shown < list.count {
      table.rows.append(row("\(countText(customers(list[shown...]))) others", list[shown...], .rest))
    }
    table.rows.append(row("Total", list[...], .total))
    return table
  }

  private static func tidy(_ index: FigureIndex, _ list: (BridgeLine) -> [CustomerMovement]) -> TidyTable {
    let data = index.data
    var table = TidyTable(
      name: "movements",
      columns: [
        "period", "period_end", "movement", "system", "natural_id", "customer", "currency", "before", "after",
        "amount",
      ])
    let exponent = data.currency.exponent
    func money(_ micros: Int64) -> TidyTable.Field { .micros(micros, leastDigits: exponent) }
    let (period, end) = (TidyTable.Field.date("\(data.month)"), TidyTable.Field.date("\(data.month.lastDay)"))
    let currency = TidyTable.Field.text(data.currency.code)
    let moved = BridgeLine.movements.flatMap(list)
    table.rows = .init(count: moved.count) { number in
      let movement = moved[number]
      let key = data.customerKeys[movement.customer]
      return [
        period, end, .text(movement.movement.rawValue), .text(key?.system ?? ""), .text(key?.id ?? ""),
        .text(data.customerNames[movement.customer] ?? ""), currency, money(movement.before),
        money(movement.after), money(movement.amount),
      ]
    }
    return table
  }
}
