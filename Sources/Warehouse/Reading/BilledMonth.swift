import GRDB
import Model

/// What rows of invoices, lines and credit notes bill in a month, added up apart from the metric that is held against it.
///
/// Tax is not billed; drafts and void ones bill nothing. A discount of an invoice is shared out over its lines,
/// and an invoice none of whose lines are known bills its total less tax. A credit note takes back in its own month what lines bill.
struct BilledMonth {
  /// Micro-units.
  private(set) var amounts: [Currency: Int128] = [:]
  private let month: Month
  private let zone: ReportingZone
  private var notes: [Int64: [Note]] = [:]
  /// Lines of the invoices that lines have to be looked at together of.
  private var lines: [Int64: [Line]] = [:]

  private struct Note {
    var amount: Int64
    var currency: Currency
  }

  private struct Line {
    /// Less its own discount.
    var net: Int64
    var currency: Currency
    var issued: Day?
    var isTax: Bool
    var isFee: Bool
  }

  init(_ month: Month, _ zone: ReportingZone, _ database: Database) throws {
    (self.month, self.zone) = (month, zone)
    try readNotes(database)
    try readLines(database)
    try addInvoices(database)
  }

  private func isOfMonth(_ day: Day?) -> Bool { day.map { month.firstDay <= $0 && $0 < month.end } ?? false }

  private func day(_ select: RawStatement, _ column: Int32) -> Day? {
    MomentText.read(select.bytes(column)).map(zone.day(of:))
  }

  private mutating func add(_ amount: Int128, _ currency: Currency, _ issued: Day?) {
    if isOfMonth(issued) { amounts[currency, default: 0] += amount }
  }

  /// Rows that may be of the month: a day more on both sides, since instants belong to the day of the reporting zone.
  private func mayBeOfMonth(_ issued: String) -> String {
    "(\(issued) >= '\(month.firstDay + (-1))' and \(issued) < '\(month.end + 1)')"
  }

  private mutating func readNotes(_ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      with note as (\(InvoicedLine.notesWithInvoices))
      select n.identity, n.amount, n.currency, n.issued, n.invoice_identity from note n
      where \(mayBeOfMonth("n.issued"))
      order by n.identity, n."row" desc
      """)
    var known: Int64?
    while try select.step() {
      let identity = select.integer(0)
      guard identity != known, let currency = Currency(ascii: select.bytes(2)) else { continue }
      known = identity
      guard isOfMonth(day(select, 3)) else { continue }
      let note = Note(amount: select.integer(1), currency: currency)
      if let invoice = select.optionalInteger(4) {
        notes[invoice, default: []].append(note)
      } else {
        amounts[currency, default: 0] -= Int128(note.amount)
      }
    }
  }

  /// Names of invoices that share a discount out, or have credit notes in the month: of them all lines are read.
  private var namesLookedAtTogether: String {
    let invoice =
      """
      from invoice_version v join identity i on i.identity = v.identity
      where v.seen_to is null and v.valid_to is null and v.discount > 0
      """
    let credited =
      """
      from note n join identity i on i.identity = n.invoice_identity
        left join invoice_version v on v.identity = i.identity and v.seen_to is null
      where \(mayBeOfMonth("n.issued"))
      """
    return [
      "select i.natural_id \(invoice)", "select v.number \(invoice)", "select i.natural_id \(credited)",
      "select v.number \(credited)",
    ].joined(separator: " union ")
  }

  private mutating func readLines(_ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      with line as (\(InvoicedLine.linesWithInvoices)), note as (\(InvoicedLine.notesWithInvoices)),
        together (name) as materialized (\(namesLookedAtTogether))
      select l.identity, l.invoice_identity, l.amount, coalesce(l.discount, 0), l.currency,
        coalesce(l.issued, v.issued), coalesce(l.kind, ''), coalesce(l.status, v.status, ''), coalesce(v.discount, 0)
      from line l left join invoice_version v on v.identity = l.invoice_identity
        and v.seen_to is null and v.valid_to is null
      where (\(mayBeOfMonth("coalesce(l.issued, v.issued)")) or l.invoice in (select name from together))
        -- What the line alone says comes first: most need no look at their invoice.
        and (l.issued is null or \(mayBeOfMonth("l.issued")) or l.invoice in (select name from together))
      order by l.identity, l."row" desc
      """)
    var known: Int64?
    while try select.step() {
      let identity = select.integer(0)
      guard identity != known, let currency = Currency(ascii: select.bytes(4)) else { continue }
      known = identity
      let (status, kind) = (select.text(7), select.text(6))
      let invoice = select.optionalInteger(1)
      let isCounted = status != "draft" && status != "void"
      let (net, overflow) = select.integer(2).subtractingReportingOverflow(select.integer(3))
      let line = Line(
        net: overflow ? 0 : net, currency: currency, issued: day(select, 5), isTax: kind == "tax",
        isFee: kind == "fee")
      if let invoice, notes[invoice] != nil || select.integer(8) > 0 {
        // Known, if it counts or not.
        lines[invoice, default: []] += isCounted ? [line] : []
      } else if isCounted, !line.isTax {
        add(Int128(line.net), currency, line.issued)
      }
    }
  }

  private mutating func addInvoices(_ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      with line as (\(InvoicedLine.linesWithInvoices)), note as (\(InvoicedLine.notesWithInvoices))
      select v.identity, v.status, v.currency, v.issued, v.total, coalesce(v.tax, 0), coalesce(v.discount, 0),
        exists (select 1 from line l where l.invoice in (i.natural_id, v.number) and l.invoice_identity = v.identity)
      from invoice_version v join identity i on i.identity = v.identity
      where v.seen_to is null and v.valid_to is null and (\(mayBeOfMonth("v.issued")) or v.discount > 0
        or v.identity in (select n.invoice_identity from note n where \(mayBeOfMonth("n.issued"))))
      order by v.identity, v."row" desc
      """)
    var known: Int64?
    while try select.step() {
      let identity = select.integer(0)
      guard identity != known, let currency = Currency(ascii: select.bytes(2)) else { continue }
      known = identity
      let taken = notes.removeValue(forKey: identity) ?? []
      if let members = lines.removeValue(forKey: identity) {
        addTogether(members, discount: select.integer(6), currency, taken)
      } else if select.integer(7) == 0, !["draft", "void"].contains(select.text(1)),
        let issued = day(select, 3)
      {
        add(Int128(select.integer(4)) - Int128(select.integer(5)), currency, issued)
        subtract(taken)
      }
    }
    // Of an invoice whose lines alone are known, and of none that is.
    for (invoice, taken) in notes {
      if let members = lines[invoice] {
        addTogether(members, discount: 0, nil, taken)
      } else {
        for note in taken { amounts[note.currency, default: 0] -= Int128(note.amount) }
      }
    }
  }

  /// What is credited is shared out over lines that bill: all of it, whatever their amounts.
  private mutating func subtract(_ taken: [Note]) {
    for note in taken where note.amount > 0 { amounts[note.currency, default: 0] -= Int128(note.amount) }
  }

  private mutating func addTogether(
    _ members: [Line], discount: Int64, _ currency: Currency?, _ taken: [Note]
  ) {
    var members = members
    var rest = Int128(max(0, discount))
    // Fees bear what nothing else can.
    for areFees in [false, true] {
      let weights = members.map { line in
        !line.isTax && line.isFee == areFees && line.currency == currency ? max(0, line.net) : 0
      }
      let share = min(rest, weights.reduce(Int128(0)) { $0 + Int128($1) })
      guard share > 0 else { continue }
      for (index, part) in sharesByLargestRemainder(of: Int64(share), weights: weights).enumerated() {
        members[index].net -= part
      }
      rest -= share
    }
    let billed = members.filter { !$0.isTax && $0.issued != nil }
    for line in billed { add(Int128(line.net), line.currency, line.issued) }
    if !billed.isEmpty { subtract(taken) }
  }
}
