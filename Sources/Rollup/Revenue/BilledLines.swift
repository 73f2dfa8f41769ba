import Model

/// The lines of a book's invoices and credit notes as they are billed.
struct BilledLines {
  private(set) var lines: [RevenueLine] = []
  /// Rows that count nowhere for want of a date.
  private(set) var undatedLines = 0
  private(set) var undatedNotes = 0
  /// Lines and invoices whose amount less its discount or tax does not fit.
  private(set) var tooLarge = 0
  private let book: Book
  private let billing: Book.Billing
  private let zone: ReportingZone
  private let units: LineUnits

  static let recurring = UInt8(EntityColumn.chargeKinds.firstIndex(of: "recurring") ?? 0)
  static let tax = UInt8(EntityColumn.chargeKinds.firstIndex(of: "tax") ?? 3)
  private static let fee = UInt8(EntityColumn.chargeKinds.firstIndex(of: "fee") ?? 4)
  private static let draft = UInt8(EntityColumn.invoiceStatuses.firstIndex(of: "draft") ?? 255)
  private static let void = UInt8(EntityColumn.invoiceStatuses.firstIndex(of: "void") ?? 255)

  /// Whether invoices and lines of a status count nowhere.
  static func isLeftOut(_ status: UInt8) -> Bool { status != 255 && (status == draft || status == void) }

  init(_ book: Book, _ units: LineUnits, _ settings: RollupSettings) {
    self.book = book
    self.units = units
    billing = book.billing
    zone = settings.zone
    let (order, starts) = byInvoice()
    lines.reserveCapacity(billing.lines.count)
    var notes: [Int32: [Int]] = [:]
    for (index, note) in billing.creditNotes.enumerated() where !note.isVoid {
      notes[note.invoice, default: []].append(index)
    }
    for index in billing.invoices.indices {
      let members = order[starts[index]..<starts[index + 1]]
      let taken = notes.isEmpty ? nil : notes.removeValue(forKey: Int32(index))
      if !members.isEmpty {
        add(Int32(index), members, taken ?? [])
      } else if billing.invoices[index].row != 0 {
        addWhole(Int32(index), billing.invoices[index], taken ?? [])
      } else if let taken {
        notes[Int32(index)] = taken
      }
    }
    for note in notes.values.flatMap({ $0 }).sorted() { addAlone(note) }
    for line in billing.lines where line.invoice < 0 { addSingle(line) }
  }

  /// Positions of lines, invoice after invoice, in the order of their ids; and where those of each invoice start.
  private func byInvoice() -> (order: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: billing.invoices.count + 1)
    for line in billing.lines where line.invoice >= 0 { starts[Int(line.invoice) + 1] += 1 }
    for index in billing.invoices.indices { starts[index + 1] += starts[index] }
    var places = starts
    var order = [Int32](repeating: 0, count: starts.last ?? 0)
    for (index, line) in billing.lines.enumerated() where line.invoice >= 0 {
      order[places[Int(line.invoice)]] = Int32(index)
      places[Int(line.invoice)] += 1
    }
    return (order, starts)
  }

  /// One invoice's lines, and what its credit notes take back of them.
  private mutating func add(_ invoice: Int32, _ members: ArraySlice<Int32>, _ notes: [Int]) {
    if notes.isEmpty, billing.invoices[Int(invoice)].discount ?? 0 <= 0 {
      // Nothing is shared out, as on most invoices.
      for index in members { addSingle(billing.lines[Int(index)]) }
      return
    }
    let counted = members.filter { !Self.isLeftOut(billing.status(of: billing.lines[Int($0)])) }
    var nets = counted.map { index in
      let line = billing.lines[Int(index)]
      return difference(line.amount, line.discount)
    }
    let (discount, currency) = (
      billing.invoices[Int(invoice)].discount ?? 0, billing.invoices[Int(invoice)].currency
    )
    var rest = Int128(max(0, discount))
    // Fees bear what nothing else can.
    for areFees in [false, true] where rest > 0 {
      let weights = counted.indices.map { position -> Int64 in
        let line = billing.lines[Int(counted[position])]
        let takes = line.kind != Self.tax && (line.kind == Self.fee) == areFees && line.currency == currency
        return takes ? max(0, nets[position]) : 0
      }
      let room = weights.reduce(Int128(0)) { $0 + Int128($1) }
      guard room > 0 else { continue }
      let taken = min(rest, room)
      for (position, share) in sharesByLargestRemainder(of: Int64(taken), weights: weights).enumerated() {
        nets[position] -= share
      }
      rest -= taken
    }
    var billed: [RevenueLine] = []
    for (position, index) in counted.enumerated() {
      if let line = self.billed(billing.lines[Int(index)], nets[position]) { billed.append(line) }
    }
    lines += billed
    if !counted.isEmpty { addNotes(notes, over: billed, invoice) }
  }

  private mutating func difference(_ amount: Int64, _ taken: Int64) -> Int64 {
    let (rest, overflow) = amount.subtractingReportingOverflow(taken)
    if overflow { tooLarge += 1 }
    return overflow ? 0 : rest
  }

  private mutating func addSingle(_ line: Book.InvoiceLine) {
    guard !Self.isLeftOut(billing.status(of: line)) else { return }
    if let billed = billed(line, difference(line.amount, line.discount)) { lines.append(billed) }
  }

  /// nil for tax, and for a line without a date.
  private mutating func billed(_ line: Book.InvoiceLine, _ net: Int64) -> RevenueLine? {
    guard line.kind != Self.tax else { return nil }
    guard let issued = billing.issued(of: line).map(zone.day(of:)) else {
      undatedLines += 1
      return nil
    }
    return units.revenueLine(
      net, line.currency, issued, line.periodStart.map(zone.day(of:)), line.periodEnd.map(zone.day(of:)),
      contract: line.contract, subscription: line.subscription, customer: line.customer,
      invoice: line.invoice, isRecurring: line.kind == Self.recurring)
  }

  /// An invoice none of whose lines are known is one line.
  private mutating func addWhole(_ index: Int32, _ invoice: Book.Invoice, _ notes: [Int]) {
    guard !Self.isLeftOut(invoice.status), invoice.currency >= 0 else { return }
    guard let issued = invoice.issued.map(zone.day(of:)) else {
      undatedLines += 1
      return
    }
    let line = units.revenueLine(
      difference(invoice.total, invoice.tax ?? 0), invoice.currency, issued,
      invoice.periodStart.map(zone.day(of:)), invoice.periodEnd.map(zone.day(of:)),
      contract: invoice.contract, subscription: invoice.subscription, customer: invoice.customer,
      invoice: index)
    lines.append(line)
    addNotes(notes, over: [line], index)
  }

  /// Shares are negative lines issued on the note's day: of what is still to come of their line's service, spread over the days left;
  /// of what was earned, on the day itself.
  private mutating func addNotes(_ notes: [Int], over billed: [RevenueLine], _ invoice: Int32) {
    let dated = notes.compactMap { index in
      billing.creditNotes[index].issued.map { (issued: zone.day(of: $0), index: index) }
    }
    undatedNotes += notes.count - dated.count
    // Of an invoice that counts nowhere nothing can be taken back.
    guard !billed.isEmpty else { return }
    // Each line with what notes took off what was to come of it.
    var standing = billed.map { [$0] }
    for (issued, index) in dated.sorted(by: { ($0.issued, $0.index) < ($1.issued, $1.index) }) {
      let note = billing.creditNotes[index]
      guard note.amount > 0 else { continue }
      let shares = sharesByLargestRemainder(of: note.amount, weights: billed.map { max(0, $0.net) })
      for (position, share) in shares.enumerated() where share > 0 {
        let line = billed[position]
        var credit = line
        credit.issued = issued
        credit.currency = book.currencies[Int(note.currency)]
        credit.service = line.service.flatMap { service in
          let start = max(issued, service.lowerBound)
          return start < service.upperBound ? start..<service.upperBound : nil
        }
        var ahead = share
        if credit.service != nil, !line.isOfContract, credit.currency == line.currency {
          let left = standing[position].reduce(Int64(0)) { $0 + $1.net - $1.recognized(before: issued) }
          ahead = min(share, max(0, left))
        }
        if ahead > 0 {
          credit.net = -ahead
          lines.append(credit)
          if credit.currency == line.currency { standing[position].append(credit) }
        }
        if ahead < share {
          credit.net = ahead - share
          credit.service = nil
          lines.append(credit)
        }
      }
    }
  }

  /// A credit note of an invoice that no row and no line knows.
  private mutating func addAlone(_ index: Int) {
    let note = billing.creditNotes[index]
    guard let issued = note.issued.map(zone.day(of:)) else {
      undatedNotes += 1
      return
    }
    lines.append(
      units.revenueLine(
        -note.amount, note.currency, issued, nil, nil, contract: -1, subscription: -1,
        customer: note.customer,
        invoice: note.invoice))
  }
}
