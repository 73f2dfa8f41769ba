import Model

/// What is billed, apart from the book it is of: invoice lines are millions, and are let go of before anything else is rolled up.
struct BilledBook {
  let contracts: ContractSteps
  let lines: [RevenueLine]
  let undatedLines: Int
  let undatedNotes: Int
  /// Lines and invoices whose amount less its discount or tax does not fit.
  let tooLarge: Int

  /// nil of a book that nobody feeds documents.
  init?(_ book: Book, _ settings: RollupSettings) {
    guard !book.fed.isDisjoint(with: RevenueTable.entities) else { return nil }
    contracts = ContractSteps(book, settings)
    let billed = BilledLines(book, contracts, settings)
    (lines, tooLarge) = (billed.lines, billed.tooLarge)
    (undatedLines, undatedNotes) = (billed.undatedLines, billed.undatedNotes)
  }
}

/// What is billed, summed up month by month: as small as the calendar is long.
struct BilledBalances {
  let balances: RevenueBalances
  let contracts: ContractSteps
  let undatedLines: Int
  let undatedNotes: Int
  let tooLarge: Int

  /// nil where nothing is `billed`, which is let go of.
  init?(_ billed: consuming BilledBook?, _ calendar: ReportingCalendar) {
    guard let billed else { return nil }
    contracts = billed.contracts
    balances = RevenueBalances(billed.lines, contracts, calendar)
    (undatedLines, undatedNotes, tooLarge) = (billed.undatedLines, billed.undatedNotes, billed.tooLarge)
  }
}
