import Model

/// What invoices, payments and contracts add up to over customers, in their own money: nights carry it on.
///
/// The sums of two parts of a book add up to those of both where nothing of one part belongs to an invoice, a contract, a
/// subscription or a customer of the other.
struct RevenueSums {
  /// What is summed up by currency and month.
  enum Amount: Int, CaseIterable {
    case billed, recognized, deferred, asset, obligation, currentObligation
    case collected, signed, inForce, yearly
    /// By age: see ``ReceivableTable/bands``.
    case open, open31, open61, open91
  }

  /// What is summed up by month.
  enum Count: Int, CaseIterable {
    case failed, recovered
    /// As reported, in the reporting currency.
    case delinquent, involuntary
    /// Lines and contracts of which this is the first month they tell anything of.
    case first
  }

  /// What findings tell of.
  enum Fault: Int, CaseIterable {
    case undatedLines, undatedNotes, undatedPayments, incompleteContracts, unsignedContracts, tooLargeLines
  }

  private var tables: [NativeTable]
  private var counts: [MonthlyAmounts]
  private var faults: [Int64]

  let months: Range<Int>

  subscript(amount: Amount) -> NativeTable { tables[amount.rawValue] }
  subscript(count: Count) -> MonthlyAmounts { counts[count.rawValue] }
  subscript(fault: Fault) -> Int64 { faults[fault.rawValue] }

  /// The first month of which billing or contracts tell anything; of earlier ones than any published period has, the one before; nil: none.
  var firstMonth: Int? { months.first { self[.first][$0] != 0 } }

  init(months: Range<Int>) {
    self.months = months
    tables = Array(repeating: NativeTable(months: months), count: Amount.allCases.count)
    counts = Array(
      repeating: MonthlyAmounts(first: months.lowerBound, count: months.count), count: Count.allCases.count)
    faults = Array(repeating: 0, count: Fault.allCases.count)
  }

  /// nil where nothing is `billed`. `churn` and `levels` are those of the book's customers.
  init?(
    _ billed: BilledBalances?, _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar,
    _ departures: Departures, churn: [CustomerMovement], levels: [CustomerMRR]
  ) {
    guard let billed else { return nil }
    self.init(months: NativeTable(calendar).months)
    let contracts = billed.contracts
    let balances = billed.balances
    for (amount, table) in balances.tables { tables[amount.rawValue] = table }
    counts[Count.first.rawValue] = balances.first
    faults[Fault.undatedLines.rawValue] = Int64(billed.undatedLines)
    faults[Fault.undatedNotes.rawValue] = Int64(billed.undatedNotes)
    faults[Fault.tooLargeLines.rawValue] = Int64(billed.tooLarge)
    addContracts(contracts, settings, calendar)
    addPayments(book, settings, calendar, departures, churn: churn, levels: levels)
  }

  private mutating func addContracts(
    _ contracts: ContractSteps, _ settings: RollupSettings, _ calendar: ReportingCalendar
  ) {
    func add(_ value: Int64, _ amount: Amount, _ step: RevenueStep, _ month: Int) {
      tables[amount.rawValue].add(Int128(value), step.currency, month)
    }
    for step in contracts.steps {
      if let day = step.signed { add(step.amount, .signed, step, day.month - calendar.first) }
      let perYear = step.yearlyValue(settings.policy)
      var month = max(0, step.term.lowerBound.month - calendar.first)
      while month < calendar.count, (calendar.first + month).end <= step.over {
        add(step.amount, .inForce, step, month)
        add(perYear, .yearly, step, month)
        month += 1
      }
    }
    faults[Fault.incompleteContracts.rawValue] = Int64(contracts.incomplete)
    faults[Fault.unsignedContracts.rawValue] = Int64(contracts.steps.count { $0.signed == nil })
  }

  private mutating func addPayments(
    _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ departures: Departures,
    churn: [CustomerMovement], levels: [CustomerMRR]
  ) {
    let payments = PaymentTable(book, settings, calendar)
    tables[Amount.collected.rawValue] = payments.collected
    counts[Count.failed.rawValue] = payments.failed
    counts[Count.recovered.rawValue] = payments.recovered
    faults[Fault.undatedPayments.rawValue] = Int64(payments.undated)
    let owed = ReceivableTable(book, payments, settings, calendar)
    for (band, table) in owed.open.enumerated() { tables[Amount.open.rawValue + band] = table }
    let late = owed.pastDue.map { month in Set(month.map { departures.id(of: $0) }) }
    for level in levels {
      for month in max(0, level.first - calendar.first)...(level.last - calendar.first)
      where late[month].contains(level.customer) {
        counts[Count.delinquent.rawValue][month] += level.mrr
      }
    }
    for movement in churn where movement.movement == .churn {
      guard let day = departures.day(of: movement.customer, movement.month),
        payments.failedBefore(leaving: day, departures.accounts(of: movement.customer))
      else { continue }
      counts[Count.involuntary.rawValue][movement.month - calendar.first] -= movement.amount
    }
  }

  /// Adds the sums of a part, each so many times.
  mutating func add(_ other: RevenueSums, times factor: Int64) {
    for place in tables.indices {
      for (currency, amounts) in other.tables[place].amounts {
        tables[place].add(amounts, currency, times: Int128(factor))
      }
    }
    for place in counts.indices {
      for month in months { counts[place][month] += factor * other.counts[place][month] }
    }
    for place in faults.indices { faults[place] += factor * other.faults[place] }
  }
}

// MARK: As integers

extension RevenueSums {
  /// The currencies of any amount.
  var currencies: [Currency] { Set(tables.flatMap(\.amounts.keys)).sorted() }

  /// Of one currency all amounts, the upper halves before the lower ones.
  func integers(of currency: Currency) -> [Int64] {
    let all = tables.flatMap { $0.amounts[currency] ?? Array(repeating: 0, count: months.count) }
    return all.map { Int64(truncatingIfNeeded: $0 >> 64) } + all.map { Int64(truncatingIfNeeded: $0) }
  }

  /// What is of no currency.
  var otherIntegers: [Int64] { counts.flatMap { count in months.map { count[$0] } } + faults }

  /// False where there are more or fewer than of such months.
  mutating func set(_ integers: [Int64], of currency: Currency) -> Bool {
    guard integers.count == tables.count * months.count * 2 else { return false }
    let half = integers.count / 2
    for place in tables.indices {
      let amounts = (place * months.count..<(place + 1) * months.count).map {
        Int128(integers[$0]) << 64 | Int128(UInt64(bitPattern: integers[half + $0]))
      }
      tables[place].add(amounts, currency)
    }
    return true
  }

  mutating func set(others integers: [Int64]) -> Bool {
    guard integers.count == counts.count * months.count + faults.count else { return false }
    for place in counts.indices {
      for (offset, month) in months.enumerated() {
        counts[place][month] = integers[place * months.count + offset]
      }
    }
    faults = Array(integers.suffix(faults.count))
    return true
  }
}
