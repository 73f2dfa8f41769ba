/// A report as a message says it: short enough for a mail or a chat.
public struct ReportBrief: Sendable, Hashable {
  /// One headline figure: `MRR`, `USD 2,710,391.00`, `▲ +4.0 % better on Sep 2026`.
  public struct Figure: Sendable, Hashable {
    public var metric: String
    public var title: String
    public var value: String
    public var change: String
    /// The value as a number for programs, in units of the currency or as a plain ratio; nil where there is none.
    public var number: String?
    public init(metric: String, title: String, value: String, change: String, number: String?) {
      self.metric = metric
      self.title = title
      self.value = value
      self.change = change
      self.number = number
    }
  }

  public var company: String
  public var title: String
  /// `February 2024`.
  public var monthName: String
  public var month: Month
  public var currency: Currency
  public var isProvisional: Bool
  /// What moved the month, one sentence.
  public var lead: String
  public var figures: [Figure]
  /// HTML for mail programs: tables, styles beside what they are for, no script, nothing to be fetched.
  public var html: String
  /// The same for who reads plain text.
  public var text: String
  public init(
    company: String, title: String, monthName: String, month: Month, currency: Currency, isProvisional: Bool,
    lead: String, figures: [Figure], html: String, text: String
  ) {
    self.company = company
    self.title = title
    self.monthName = monthName
    self.month = month
    self.currency = currency
    self.isProvisional = isProvisional
    self.lead = lead
    self.figures = figures
    self.html = html
    self.text = text
  }

  /// What stands for a placeholder of a subject.
  public func value(of placeholder: SubjectText.Placeholder) -> String {
    func figure(_ metric: String) -> String { figures.first { $0.metric == metric }?.value ?? "n/a" }
    return switch placeholder {
    case .company: company
    case .title: title
    case .month: monthName
    case .period: month.description
    case .mrr: figure("mrr")
    case .arr: figure("arr")
    case .netNew: figure("mrr_net_new")
    case .customers: figure("customers")
    }
  }

  /// The subject, which says so itself where the month is provisional.
  public func subject(_ text: SubjectText?) -> String {
    (text ?? .usual).filled(value) + (isProvisional ? " (provisional)" : "")
  }
}
