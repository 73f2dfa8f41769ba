import Model

/// What is billed, apart from the book it is of: invoice lines are millions, and are let go of before anything else is rolled up.
struct BilledBook {
  let lines: [RevenueLine]
  let plain: Book.PlainLines
  let units: LineUnits
  let undatedLines: Int
  let undatedNotes: Int
  /// Lines and invoices whose amount less its discount or tax does not fit; plain ones are not counted yet.
  let tooLarge: Int

  /// nil of a book that nobody feeds documents.
  init?(_ book: Book, _ settings: RollupSettings) {
    guard !book.fed.isDisjoint(with: RevenueTable.entities) else { return nil }
    units = LineUnits(contracts: ContractSteps(book, settings), currencies: book.currencies)
    plain = book.billing.plainLines
    let billed = BilledLines(book, units, settings)
    (lines, tooLarge) = (billed.lines, billed.tooLarge)
    (undatedLines, undatedNotes) = (billed.undatedLines, billed.undatedNotes)
  }
}

/// What is billed, summed up month by month: as small as the calendar is long.
struct BilledBalances {
  private(set) var balances: RevenueBalances
  let contracts: ContractSteps
  private(set) var undatedLines: Int
  let undatedNotes: Int
  private(set) var tooLarge: Int
  /// Set where lines that were put aside could not be read back: nothing of it may be published.
  private(set) var finding: Finding?

  /// nil where nothing is `billed`, which is let go of.
  init?(_ billed: consuming BilledBook?, _ calendar: ReportingCalendar) {
    guard let billed else { return nil }
    let units = billed.units
    contracts = units.contracts
    (undatedLines, undatedNotes, tooLarge) = (billed.undatedLines, billed.undatedNotes, billed.tooLarge)
    balances = RevenueBalances(calendar)
    let held = PlainBilling(billed.plain.held, units)
    count(held)
    balances.add(billed.lines.isEmpty ? held.lines : billed.lines + held.lines, contracts.steps)
    do {
      var lines: [Book.PlainLine] = []
      for number in 0..<billed.plain.shareCount {
        try billed.plain.readShare(number, into: &lines)
        let share = PlainBilling(lines, units)
        count(share)
        balances.add(share.lines, [])
      }
    } catch {
      finding = Finding(
        .error, "lines-not-read-back", "invoice lines that were put aside cannot be read back: \(error)",
        consequence: "nothing is published",
        remedy: "look after the disk that has the warehouse, and run again")
    }
  }

  private mutating func count(_ plain: PlainBilling) {
    undatedLines += plain.undated
    tooLarge += plain.tooLarge
  }
}
