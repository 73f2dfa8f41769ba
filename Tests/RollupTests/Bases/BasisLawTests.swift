import Model
import Testing

@testable import Rollup

/// Laws of MRR by invoices and by contracts, on any book.
@Suite struct BasisLawTests {
  @Test(arguments: 1...30)
  func bothBridgesShareTheLevelsOfInvoicesAndContracts(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.billed(&chance)
    let policy = Policy.billed(&chance)
    func rolledUp(_ bridge: Policy.Bridge) -> TestResult {
      book.rolledUp(
        through: "2023-11", dimensions: TestBook.dimensions,
        policy: {
          $0 = policy
          $0.bridge = bridge
        }, zone: TestBook.zone)
    }
    let (ends, events) = (rolledUp(.endPoint), rolledUp(.event))
    // An identity that does not hold is an error.
    #expect(ends.errors.isEmpty, "seed \(seed): \(ends.errors.map(\.problem))")
    #expect(events.errors.isEmpty, "seed \(seed): \(events.errors.map(\.problem))")
    func levels(_ result: TestResult) -> [Int64] {
      result.result.bridge.filter { $0.segment == .all }.flatMap {
        [Int64($0.period.first.number), $0.amounts.starting, $0.amounts.fx, $0.amounts.ending]
      }
    }
    #expect(levels(ends) == levels(events), "seed \(seed)")
    #expect(!levels(ends).isEmpty, "seed \(seed)")
    #expect(ends.result.customerMRR == events.result.customerMRR, "seed \(seed)")
  }

  @Test(arguments: 1...30)
  func nothingCountsThatNoLineCoversAndNothingMoreThanItsLine(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.billed(&chance).book
    var policy = Policy.billed(&chance)
    policy.basis = .invoices
    let settings = RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: TestBook.zone, lastMonth: Month(iso: "2023-11")!,
      dataThrough: Moment(iso: "2023-11-30")!)
    let basis = InvoiceBasis(book, settings, onlyMetered: false)
    #expect(!basis.charges.isEmpty, "seed \(seed)")
    for charge in basis.charges {
      let line = book.billing.lines[Int(charge.row) - 1]
      #expect(line.amount >= 0, "seed \(seed)")
      let end = charge.end.map(\.day)
      #expect(TestBook.zone.day(of: line.periodStart!) <= charge.start.day, "seed \(seed)")
      #expect(end.map { $0 <= TestBook.zone.day(of: line.periodEnd!) } ?? false, "seed \(seed)")
      #expect(charge.start < charge.end!, "seed \(seed)")
      #expect(charge.amount.numerator >= 0, "seed \(seed)")
    }
    // No line counts twice at a time.
    let byRow = Dictionary(grouping: basis.charges, by: \.row)
    for stretches in byRow.values {
      let inOrder = stretches.sorted { $0.start < $1.start }
      for (stretch, next) in zip(inOrder, inOrder.dropFirst()) {
        #expect(stretch.end! <= next.start, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 1...20)
  func customersAddUpWhicheverOthersThereAre(_ seed: UInt64) {
    var chance = Chance(state: seed)
    let book = TestBook.billed(&chance)
    let policy = Policy.billed(&chance)
    func endings(_ keep: (Int32) -> Bool) -> [String: Int64] {
      var part = book
      part.book.billing.lines.removeAll { !keep($0.customer) }
      part.book.billing.contracts = part.book.billing.contracts.map {
        var contract = $0
        if !keep(contract.customer) { contract.status = 0 }
        return contract
      }
      let result = part.rolledUp(through: "2023-11", policy: { $0 = policy }, zone: TestBook.zone).result
      var endings: [String: Int64] = [:]
      for figure in result.figures where ["mrr", "cmrr"].contains(figure.metric) && figure.segment == .all {
        if case .money(let value) = figure.value, figure.valuation == .asReported {
          endings["\(figure.metric) \(figure.period.label)"] = value
        }
      }
      return endings
    }
    // What a credit note takes off a line is a matter of its whole invoice: an invoice is of one customer here.
    let (whole, even, odd) = (endings { _ in true }, endings { $0 % 2 == 0 }, endings { $0 % 2 == 1 })
    #expect(!whole.isEmpty, "seed \(seed)")
    for (key, value) in whole {
      // Before the first month of a half nothing is published of what it has signed.
      if key.hasPrefix("cmrr"), even[key] == nil || odd[key] == nil { continue }
      #expect(value == (even[key] ?? 0) + (odd[key] ?? 0), "seed \(seed) \(key)")
    }
  }
}

extension Policy {
  /// Answers that matter for invoices and contracts.
  static func billed(_ chance: inout Chance) -> Policy {
    var policy = Policy.random(&chance)
    policy.graceDays = 0
    policy.basis = chance.below(3) == 0 ? .contracts : .invoices
    policy.unpaid = [.churnWhenUnpaid, .afterDays, .keep][chance.below(3)]
    policy.discountForever = [.subtract, .ignore][chance.below(2)]
    policy.metered = [.exclude, .includeInvoiced][chance.below(2)]
    policy.refunds = policy.basis == .invoices && chance.below(2) == 0 ? .subtract : .ignore
    policy.churnAt = [.ended, .cancelRequested][chance.below(2)]
    policy.paused = [.zero, .keep][chance.below(2)]
    return policy
  }
}

extension TestBook {
  /// Five customers with invoices that overlap, prorate and credit, and with contracts.
  static func billed(_ chance: inout Chance) -> TestBook {
    var book = TestBook()
    let first = Day(iso: "2023-01-01")!
    for offset in -40..<400 {
      book.rate((first + offset).description, "EUR", "1.\(10 + (offset + 40) * 7 % 80)")
    }
    func moment(_ day: Int, _ chance: inout Chance) -> String {
      let date = (first + day).description
      return chance.below(2) == 0 ? date : date + "T\(10 + chance.below(13)):30:00Z"
    }
    for number in 0..<5 {
      let name = "c\(number)"
      _ = book.customer(name, country: ["DE", "FR"][chance.below(2)])
      let subscription = book.subscription(name) {
        if chance.below(4) == 0 { $0.ended = Moment(day: first + chance.below(330)) }
        if chance.below(4) == 0 { $0.cancelRequested = Moment(day: first + chance.below(330)) }
        if chance.below(4) == 0 { $0.pauseStart = Moment(day: first + chance.below(330)) }
      }
      var day = chance.below(100)
      for serial in 0..<(2 + chance.below(9)) {
        let invoice = "\(name) \(10 + serial)"
        book.invoice(invoice, issued: (first + day).description) {
          $0.status = [2, 2, 2, 1, 3, 4][chance.below(6)]
          if chance.below(5) == 0 { $0.discount = 7_000_000 }
        }
        for _ in 0..<(1 + chance.below(3)) {
          let prorated = chance.below(3) == 0
          let length = prorated ? 3 + chance.below(25) : [7, 30, 31, 90, 365][chance.below(5)]
          let amount = prorated && chance.below(2) == 0 ? -33.33 : [0, 49.5, 100, 33.333333][chance.below(4)]
          book.line(
            name, amount, moment(day, &chance), moment(day + length, &chance), on: invoice,
            subscription: chance.below(5) == 0 ? -1 : subscription,
            plan: ["small", "large"][chance.below(2)],
            prorated: prorated, kind: chance.below(6) == 0 ? "metered" : "recurring",
            currency: number < 4 ? "USD" : "EUR")
        }
        if chance.below(5) == 0 { book.creditNote([10, 49.5, 500][chance.below(3)], of: invoice) }
        if chance.below(5) == 0 { book.refund(20, of: invoice) }
        day += [10, 28, 31][chance.below(3)]
      }
      let start = chance.below(200)
      let ramp = book.contract(
        name, 1200, (first + start).description, (first + start + 365).description,
        signed: (first + start - chance.below(60)).description)
      for step in 0..<chance.below(3) {
        book.contract(
          name, [600, 333.333333][chance.below(2)], moment(start + step * 120, &chance),
          moment(start + step * 120 + 120, &chance), rampOf: ramp
        ) { $0.currency = number < 4 ? 0 : 1 }
      }
    }
    return book
  }
}
