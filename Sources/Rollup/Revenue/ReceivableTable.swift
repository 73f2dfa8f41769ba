import Model

/// What is owed on invoices at the month ends, by age, and who is past due.
struct ReceivableTable {
  /// First days of the age bands after the first.
  static let bands = [31, 61, 91]

  /// By band, then by month.
  private(set) var open: [NativeTable]
  /// Customers with an invoice past due, by month.
  private(set) var pastDue: [Set<Int32>]

  init(
    _ book: Book, _ payments: PaymentTable, _ settings: RollupSettings, _ calendar: ReportingCalendar
  ) {
    open = Array(repeating: NativeTable(calendar), count: Self.bands.count + 1)
    pastDue = Array(repeating: [], count: calendar.count)
    let zone = settings.zone
    let names = EntityColumn.invoiceStatuses
    let paidInvoices = payments.paidByInvoice
    var credits: [Int32: [Settlement]] = [:]
    for note in book.billing.creditNotes where !note.isVoid && note.invoice >= 0 {
      if let day = note.issued.map(zone.day(of:)) {
        credits[note.invoice, default: []].append(
          Settlement(day: day, amount: Int128(note.amount) + Int128(note.tax), currency: note.currency))
      }
    }
    for (index, invoice) in book.billing.invoices.enumerated() where invoice.row != 0 && invoice.currency >= 0
    {
      let status = invoice.status == 255 ? "open" : names[Int(invoice.status)]
      guard status == "open" || status == "paid", let issued = invoice.issued.map(zone.day(of:)) else {
        continue
      }
      let paid = invoice.paid.map(zone.day(of:))
      // Paid on a day nobody tells: it was never owed as far as is known.
      if status == "paid", paid == nil { continue }
      let due = invoice.due.map(zone.day(of:)) ?? issued
      let settled = ((paidInvoices[Int32(index)] ?? []) + (credits[Int32(index)] ?? [])).filter {
        $0.currency == invoice.currency
      }
      let last = paid.map { min(calendar.count - 1, $0.month - calendar.first) } ?? calendar.count - 1
      var month = max(0, issued.month - calendar.first)
      while month <= last {
        defer { month += 1 }
        let end = (calendar.first + month).end
        guard issued < end else { continue }
        if let paid, paid < end { break }
        if due < end, invoice.customer >= 0 { pastDue[month].insert(invoice.customer) }
        let taken = settled.reduce(Int128(0)) { $0 + ($1.day < end ? $1.amount : 0) }
        let rest = Int128(invoice.total) - taken
        guard rest > 0 else { continue }
        let age = Int(end.number - 1 - due.number)
        let band = Self.bands.prefix { $0 <= age }.count
        open[band].add(rest, book.currencies[Int(invoice.currency)], month)
      }
    }
  }
}

/// What takes from what is owed on an invoice.
struct Settlement {
  var day: Day
  /// Micro-units, tax included.
  var amount: Int128
  /// Index into ``Book/currencies``.
  var currency: Int32
}
