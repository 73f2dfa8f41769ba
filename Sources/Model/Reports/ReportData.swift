/// What a report is made from: read from the warehouse, so that it can be rendered again without a run.
public struct ReportData: Sendable {
  public struct SourceLine: Sendable, Hashable {
    public var name: String
    public var dataThrough: Moment
    public var rows: Int
    public var quarantined: Int
    /// Of a source read from an API: what shows that its last read of everything missed nothing. A source that is read by changes and one
    /// that is read whole, with the same records, say the same here.
    public var proof: StreamRead.Proof?
    /// Whether it tells changes alone, so that its rows are not all that are known of it.
    public var isDelta: Bool
    public init(
      name: String, dataThrough: Moment, rows: Int, quarantined: Int, proof: StreamRead.Proof? = nil,
      isDelta: Bool = false
    ) {
      self.isDelta = isDelta
      self.name = name
      self.dataThrough = dataThrough
      self.rows = rows
      self.quarantined = quarantined
      self.proof = proof
    }
  }

  public var company: String
  /// The month reported on.
  public var month: Month
  public var currency: Currency
  public var zoneName: String
  public var policyName: String
  /// `trials: include_priced`, in the policy's order.
  public var policyOverrides: [String]
  /// Keys whose answers the preset's vendor does not publish.
  public var policyAssumptions: [String] = []
  public var fiscalYearStart: Int
  public var headlineNDR: String
  public var figures: [Figure]
  public var bridge: [BridgeRow]
  public var cohorts: [CohortCell]
  /// Movements of the reported month, in order by customer.
  public var movements: [CustomerMovement]
  /// Of all customers in ``movements``, or of the largest of each kind.
  public var customerNames: [Int64: String]
  /// Of all customers in ``movements``; to be set where they come from a warehouse.
  public var customerKeys: [Int64: CustomerKey] = [:]
  public var ratesUsed: [RateUsed]
  public var sources: [SourceLine]
  public var metrics: [Metric]
  public var provisionalMonths: [Month]
  public var unlinkedAccounts: Int
  public var unlinkedCustomers: Int
  /// What MRR is made of, as ``Policy/Basis`` has it.
  public var basis: Policy.Basis
  /// What stands beside the figures; to be set where there is any.
  public var notes = ReportNotes()
  /// `.` or `,`: how CSV documents write numbers.
  public var decimalMark: UInt8
  /// How reports that do not say so themselves write numbers and days.
  public var style = WritingStyle.english

  public init(
    company: String, month: Month, currency: Currency, zoneName: String, policyName: String,
    policyOverrides: [String],
    fiscalYearStart: Int, headlineNDR: String, figures: [Figure], bridge: [BridgeRow], cohorts: [CohortCell],
    movements: [CustomerMovement], customerNames: [Int64: String], ratesUsed: [RateUsed],
    sources: [SourceLine],
    metrics: [Metric], provisionalMonths: [Month], unlinkedAccounts: Int = 0, unlinkedCustomers: Int = 0,
    basis: Policy.Basis = .subscriptions, decimalMark: UInt8 = 0x2E
  ) {
    self.company = company
    self.month = month
    self.currency = currency
    self.zoneName = zoneName
    self.policyName = policyName
    self.policyOverrides = policyOverrides
    self.fiscalYearStart = fiscalYearStart
    self.headlineNDR = headlineNDR
    self.figures = figures
    self.bridge = bridge
    self.cohorts = cohorts
    self.movements = movements
    self.customerNames = customerNames
    self.ratesUsed = ratesUsed
    self.sources = sources
    self.metrics = metrics
    self.provisionalMonths = provisionalMonths
    self.unlinkedAccounts = unlinkedAccounts
    self.unlinkedCustomers = unlinkedCustomers
    self.basis = basis
    self.decimalMark = decimalMark
  }
}

/// One rendered file, ready to be delivered.
public struct Document: Sendable, Hashable {
  /// `executive_summary.html`
  public var name: String
  public var format: ReportDefinition.Format
  public var bytes: [UInt8]
  public init(name: String, format: ReportDefinition.Format, bytes: [UInt8]) {
    self.name = name
    self.format = format
    self.bytes = bytes
  }
}
