extension Book {
  /// What billing systems and contracts say as known now: the last state of every row that still stands.
  ///
  /// Each array is in the order of natural ids (bytes), so that positions order rows as their ids do. Only the entities asked
  /// for are read; the others stay empty. Indices point into the arrays of ``Book`` and of this; -1 is "none".
  public struct Billing: Sendable {
    public var invoices: [Invoice] = []
    public var lines: [InvoiceLine] = []
    /// All lines, in no order, where nothing depends on which invoice a line is of: nobody feeds invoices or credit notes, and MRR is not
    /// counted from lines. There are no ``lines`` then.
    public var plainLines = PlainLines()
    public var creditNotes: [CreditNote] = []
    public var payments: [Payment] = []
    public var refunds: [Refund] = []
    public var contracts: [Contract] = []
    public init() {}
  }

  /// An invoice; one that only other rows name has row 0 and nothing but its place.
  @frozen public struct Invoice: Sendable {
    /// Row of the warehouse's table, for explanations; 0 where no row describes it.
    public var row: Int64 = 0
    public var customer: Int32 = -1
    public var subscription: Int32 = -1
    /// The contract billed, where contracts are read too.
    public var contract: Int32 = -1
    public var currency: Int32 = -1
    /// Position in ``EntityColumn/invoiceStatuses``; 255 without one.
    public var status: UInt8 = 255
    public var issued: Moment?
    public var due: Moment?
    public var periodStart: Moment?
    public var periodEnd: Moment?
    /// Micro-units, as the following.
    public var total: Int64 = 0
    public var subtotal: Int64?
    public var discount: Int64?
    public var tax: Int64?
    public var paidAmount: Int64?
    public var paid: Moment?
    public var voided: Moment?
    public init() {}
  }

  /// Lines are millions: a date or a quantity that is missing takes no room beside those that are there.
  @frozen public struct InvoiceLine: Sendable {
    public var row: Int64 = 0
    /// A line that names none is an invoice of its own, under the line's id; -1 where nothing depends on the invoice.
    public var invoice: Int32 = 0
    /// The line's own, else its invoice's, else its subscription's.
    public var customer: Int32 = -1
    /// The line's own, else its invoice's.
    public var subscription: Int32 = -1
    /// The contract billed, the line's own, else its invoice's; where contracts are read too.
    public var contract: Int32 = -1
    public var plan: Int32 = -1
    /// The plan's.
    public var product: Int32 = -1
    public var currency: Int32 = 0
    public var isProration = false
    /// Position in ``EntityColumn/chargeKinds``; where the row says none, metered for a metered plan, else recurring.
    public var kind: UInt8 = 0
    /// Position in ``EntityColumn/invoiceStatuses``, the line's own; 255 without one.
    public var status: UInt8 = 255
    /// Micro-units, without tax; credits are negative.
    public var amount: Int64 = 0
    public var discount: Int64 = 0
    @usableFromInline var quantityOrNone = Int64.min
    @usableFromInline var startOrNone = Int64.min
    @usableFromInline var endOrNone = Int64.min
    @usableFromInline var issuedOrNone = Int64.min
    public init() {}

    /// Millionths.
    @inlinable public var quantity: Int64? {
      get { quantityOrNone == .min ? nil : quantityOrNone }
      set { quantityOrNone = newValue ?? .min }
    }

    @inlinable public var periodStart: Moment? {
      get { startOrNone == .min ? nil : Moment(packed: startOrNone) }
      set { startOrNone = newValue?.packed ?? .min }
    }

    @inlinable public var periodEnd: Moment? {
      get { endOrNone == .min ? nil : Moment(packed: endOrNone) }
      set { endOrNone = newValue?.packed ?? .min }
    }

    /// The line's own.
    @inlinable public var issued: Moment? {
      get { issuedOrNone == .min ? nil : Moment(packed: issuedOrNone) }
      set { issuedOrNone = newValue?.packed ?? .min }
    }
  }

  /// What a line bills, without all that only its invoice or MRR asks for; less than half as large as the line.
  @frozen public struct PlainLine: Sendable {
    @usableFromInline var netOrNone = Int64.min
    public var customer: Int32 = -1
    public var subscription: Int32 = -1
    public var contract: Int32 = -1
    /// Of a line of nobody known.
    public var invoice: Int32 = -1
    @usableFromInline var issuedOrNone = Int32.min
    @usableFromInline var startOrNone = Int32.min
    @usableFromInline var endOrNone = Int32.min
    @usableFromInline var currencyPlace: Int16 = 0
    /// As those of ``InvoiceLine``.
    public var kind: UInt8 = 0
    public var status: UInt8 = 255

    public init(_ line: borrowing InvoiceLine, in zone: borrowing ReportingZone) {
      let (net, overflow) = line.amount.subtractingReportingOverflow(line.discount)
      netOrNone = overflow ? .min : net
      (customer, subscription, contract, invoice) = (
        line.customer, line.subscription, line.contract, line.invoice
      )
      if let issued = line.issued { issuedOrNone = zone.day(of: issued).number }
      if let start = line.periodStart { startOrNone = zone.day(of: start).number }
      if let end = line.periodEnd { endOrNone = zone.day(of: end).number }
      // There are 26^3 codes.
      currencyPlace = Int16(line.currency)
      (kind, status) = (line.kind, line.status)
    }

    /// Micro-units, without tax and discount; nil: it does not fit.
    @inlinable public var net: Int64? { netOrNone == .min ? nil : netOrNone }
    @inlinable public var issued: Day? { issuedOrNone == .min ? nil : Day(number: issuedOrNone) }
    @inlinable public var periodStart: Day? { startOrNone == .min ? nil : Day(number: startOrNone) }
    @inlinable public var periodEnd: Day? { endOrNone == .min ? nil : Day(number: endOrNone) }

    @inlinable public var currency: Int32 {
      get { Int32(currencyPlace) }
      set { currencyPlace = Int16(newValue) }
    }
  }

  @frozen public struct CreditNote: Sendable {
    public var row: Int64 = 0
    /// -1 also where no row and no line knows the invoice it names.
    public var invoice: Int32 = -1
    public var customer: Int32 = -1
    public var currency: Int32 = 0
    /// Micro-units, without tax.
    public var amount: Int64 = 0
    public var tax: Int64 = 0
    public var isVoid = false
    public var issued: Moment?
    public var voided: Moment?
    public init() {}
  }

  @frozen public struct Payment: Sendable {
    public var row: Int64 = 0
    public var invoice: Int32 = -1
    /// Its own, else its invoice's.
    public var customer: Int32 = -1
    public var currency: Int32 = 0
    public var amount: Int64 = 0
    /// Position in ``EntityColumn/paymentStatuses``.
    public var status: UInt8 = 0
    public var created: Moment?
    public var attempt: Int64?
    public init() {}
  }

  @frozen public struct Refund: Sendable {
    public var row: Int64 = 0
    public var payment: Int32 = -1
    /// Its own, else its payment's.
    public var invoice: Int32 = -1
    /// Its own, else its payment's, else its invoice's.
    public var customer: Int32 = -1
    public var currency: Int32 = 0
    public var amount: Int64 = 0
    /// Position in ``EntityColumn/paymentStatuses``; succeeded where the row says none.
    public var status: UInt8 = 1
    public var created: Moment?
    public init() {}
  }

  /// A contract, or one step of a ramp; one that only steps name has row 0 and nothing but its place.
  @frozen public struct Contract: Sendable {
    public var row: Int64 = 0
    /// Its own, else that of the contract it is a step of.
    public var customer: Int32 = -1
    public var currency: Int32 = -1
    /// The contract this is a step of; never itself.
    public var rampOf: Int32 = -1
    /// Position in ``EntityColumn/contractStatuses``; 255 without one.
    public var status: UInt8 = 255
    public var signed: Moment?
    public var start: Moment?
    public var end: Moment?
    public var canceled: Moment?
    /// Micro-units over the whole term.
    public var amount: Int64?
    public var isCancellable: Bool?
    public init() {}
  }
}

extension Book.Billing {
  /// Position in ``EntityColumn/invoiceStatuses``: the line's own status, else its invoice's; 255 without one.
  public func status(of line: Book.InvoiceLine) -> UInt8 {
    line.status == 255 && line.invoice >= 0 ? invoices[Int(line.invoice)].status : line.status
  }

  /// The line's own date of issue, else its invoice's; nil without one.
  public func issued(of line: Book.InvoiceLine) -> Moment? {
    line.issued ?? (line.invoice < 0 ? nil : invoices[Int(line.invoice)].issued)
  }
}
