import GRDB
import Model

/// A line of an invoice as it is held against MRR.
struct InvoicedLine {
  var customer: Int64?
  var currency: Currency
  /// Less its own discount and its share of its invoice's. Micro-units.
  var net: Int64
  /// What was taken off.
  var discount: Int64
  var issued: Day?
  /// Half-open; nil without both ends.
  var term: Range<Day>?
  var kind: String
  var isProration: Bool
  /// Whether a credit note takes back of its invoice.
  var isCredited: Bool

  var isRecurring: Bool { kind == "recurring" }

  /// Whether a month's last moment lies in its time, as that of a charge.
  func reaches(over end: Day) -> Bool {
    guard let term else { return false }
    return term.lowerBound < end && end <= term.upperBound
  }
}

extension InvoicedLine {
  /// Lines in force, each with the identity of the invoice that it names.
  static let linesWithInvoices =
    """
    select l.*, \(invoiceIdentity(named: "l.invoice", system: "s.system")) as invoice_identity
    from invoice_line_version l join source s on s.source = l.source
    where l.seen_to is null and l.valid_to is null
    """

  /// Credit notes that stand, each with the identity of the invoice that it takes back of.
  static let notesWithInvoices =
    """
    select n.*, \(invoiceIdentity(named: "called.natural_id", system: "kind.system")) as invoice_identity
    from credit_note_version n left join identity called on called.identity = n.invoice
      left join identity_scope kind on kind.scope = called.scope
    where n.seen_to is null and n.valid_to is null and coalesce(n.status, '') <> 'void'
    """

  /// The invoice of a name: the one of that id, else the first that has it for a number, else what is known of it by other rows alone.
  static func invoiceIdentity(named name: String, system: String) -> String {
    let ofThatID =
      """
      select i.identity from identity i join identity_scope c on c.scope = i.scope
      where c.system = \(system) and c.entity = 'invoice' and i.natural_id = \(name)
      """
    return """
      coalesce(
        (\(ofThatID) and exists (select 1 from invoice_version v
          where v.identity = i.identity and v.seen_to is null and v.valid_to is null)),
        (select n.identity from invoice_version n join source o on o.source = n.source
          join identity i on i.identity = n.identity
          where n.number = \(name) and n.seen_to is null and n.valid_to is null and o.system = \(system)
          order by i.natural_id limit 1),
        (\(ofThatID)))
      """
  }

  /// Lines that an invoice of the month has, or whose time reaches over its end; drafts and void ones are none.
  ///
  /// - Parameter body: Called in the order of the lines' identities, once a line.
  static func forEach(
    of month: Month, _ zone: ReportingZone, _ database: Database, _ body: (InvoicedLine) -> Void
  ) throws {
    // A day more on both sides: instants belong to the day of the reporting zone.
    let (first, last, end) = (month.firstDay + (-1), month.end + 1, month.end)
    let reaches = "(l.period_start < '\(last)' and l.period_end >= '\(first)')"
    let select = try RawStatement(
      database,
      """
      with line as (\(linesWithInvoices)), note as materialized (\(notesWithInvoices))
      select l.identity, coalesce(l.customer, v.customer, (select min(u.customer) from subscription_version u
          where u.identity = coalesce(l.subscription, v.subscription) and u.seen_to is null and u.valid_to is null)),
        l.amount, coalesce(l.discount, 0), l.currency, coalesce(l.issued, v.issued), l.period_start, l.period_end,
        coalesce(l.kind, case when exists (select 1 from plan_version p where p.identity = l."plan"
          and p.usage_type = 'metered' and p.seen_to is null and p.valid_to is null) then 'metered' else 'recurring' end),
        coalesce(l.proration, 0), coalesce(l.status, v.status, ''),
        case when v.discount > 0 and v.currency = l.currency then v.discount else 0 end,
        case when v.discount > 0 then (select sum(max(0, x.amount - coalesce(x.discount, 0)))
          from invoice_line_version x where x.invoice = l.invoice and x.source = l.source and x.seen_to is null
            and x.valid_to is null and coalesce(x.kind, '') not in ('tax', 'fee') and x.currency = l.currency) else 0 end,
        l.invoice_identity in (select n.invoice_identity from note n)
      from line l left join invoice_version v on v.identity = l.invoice_identity
        and v.seen_to is null and v.valid_to is null
      where (\(reaches) or (coalesce(l.issued, v.issued) >= '\(first)' and coalesce(l.issued, v.issued) < '\(last)'))
        -- What the line alone says comes first: most need no look at their invoice.
        and (l.issued is null or (l.issued >= '\(first)' and l.issued < '\(last)') or \(reaches))
      order by l.identity, l."row" desc
      """)
    var known: Int64?
    while try select.step() {
      let identity = select.integer(0)
      guard identity != known else { continue }
      known = identity
      let status = select.text(10)
      guard status != "draft", status != "void", let currency = Currency(ascii: select.bytes(4)) else {
        continue
      }
      func day(_ column: Int32) -> Day? { MomentText.read(select.bytes(column)).map(zone.day(of:)) }
      let kind = select.text(8)
      let own = Int128(select.integer(2)) - Int128(select.integer(3))
      let (whole, room) = (select.integer(11), select.integer(12))
      let shares = kind != "tax" && kind != "fee" && room > 0 && own > 0
      let share = shares ? halfEven(min(Int128(whole), Int128(room)) * own, Int128(room)) : 0
      var line = InvoicedLine(
        customer: select.optionalInteger(1), currency: currency, net: Int64(clamping: own - share),
        discount: Int64(clamping: Int128(select.integer(3)) + share), issued: day(5), kind: kind,
        isProration: select.integer(9) == 1, isCredited: select.integer(13) == 1)
      if let start = day(6), let end = day(7), start < end { line.term = start..<end }
      let isOfMonth = line.issued.map { month.firstDay <= $0 && $0 < end } ?? false
      if isOfMonth || line.reaches(over: end) { body(line) }
    }
  }
}

/// `number / divisor`, half-even; the divisor is above 0.
func halfEven(_ number: Int128, _ divisor: Int128) -> Int128 {
  let (quotient, rest) = number.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
  let missing = divisor.magnitude - rest
  let rounded = Int128(quotient) + (rest > missing || (rest == missing && quotient % 2 == 1) ? 1 : 0)
  return number < 0 ? -rounded : rounded
}
