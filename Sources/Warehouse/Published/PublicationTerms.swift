import GRDB
import Model

/// What published figures are to be read with: what a report's footer says beside the figures.
public struct PublicationTerms: Sendable, Hashable {
  public var company: String
  /// The last published month.
  public var month: Month
  /// The reporting currency.
  public var currency: Currency
  /// `subscriptions`, `invoices` or `contracts`.
  public var basis: String
  public var zoneName: String
  public var policyName: String
  /// `trials: include_priced`, in the policy's order.
  public var policyOverrides: [String]
  /// Keys whose answers are assumed.
  public var policyAssumptions: [String]
  /// 1 to 12.
  public var fiscalYearStart: Int
  /// A metric id.
  public var headlineNDR: String
  /// The sources the figures rest on, by name.
  public var sources: [String]
  public var unlinkedAccounts: Int
  public var unlinkedCustomers: Int
  /// What is wrong with the facts the figures were made from.
  public var findings: [FindingCount] = []

  public init(
    company: String, month: Month, currency: Currency, basis: String, zoneName: String, policyName: String,
    policyOverrides: [String], fiscalYearStart: Int, headlineNDR: String, sources: [String],
    unlinkedAccounts: Int = 0,
    unlinkedCustomers: Int = 0, policyAssumptions: [String] = []
  ) {
    self.policyAssumptions = policyAssumptions
    self.company = company
    self.month = month
    self.currency = currency
    self.basis = basis
    self.zoneName = zoneName
    self.policyName = policyName
    self.policyOverrides = policyOverrides
    self.fiscalYearStart = fiscalYearStart
    self.headlineNDR = headlineNDR
    self.sources = sources
    self.unlinkedAccounts = unlinkedAccounts
    self.unlinkedCustomers = unlinkedCustomers
  }

  func store(_ database: Database) throws {
    let values: [(String, String)] = [
      ("company", company), ("month", month.description), ("currency", currency.code), ("basis", basis),
      ("zone", zoneName), ("policy", policyName),
      ("policy_overrides", policyOverrides.joined(separator: "\n")),
      ("policy_assumptions", policyAssumptions.joined(separator: "\n")),
      ("fiscal_year_starts", String(fiscalYearStart)), ("headline_ndr", headlineNDR),
      ("sources", sources.sorted().joined(separator: "\n")), ("unlinked_accounts", String(unlinkedAccounts)),
      ("unlinked_customers", String(unlinkedCustomers)),
      ("findings", findings.map(\.line).joined(separator: "\n")),
    ]
    for (name, value) in values {
      try database.execute(
        sql: """
          insert into publication values (?, ?)
          on conflict (name) do update set value = excluded.value where value <> excluded.value
          """, arguments: [name, value])
    }
  }

  /// nil before anything was published.
  static func fetch(_ database: Database) throws -> PublicationTerms? {
    var values: [String: String] = [:]
    for row in try Row.fetchAll(database, sql: "select name, value from publication") {
      values[row[0]] = row[1]
    }
    guard let month = values["month"].flatMap({ Month(iso: $0) }),
      let currency = values["currency"].flatMap({ Currency($0) })
    else { return nil }
    func lines(_ name: String) -> [String] { (values[name] ?? "").split(separator: "\n").map(String.init) }
    var terms = PublicationTerms(
      company: values["company"] ?? "", month: month, currency: currency, basis: values["basis"] ?? "",
      zoneName: values["zone"] ?? "", policyName: values["policy"] ?? "",
      policyOverrides: lines("policy_overrides"),
      fiscalYearStart: values["fiscal_year_starts"].flatMap { Int($0) } ?? 1,
      headlineNDR: values["headline_ndr"] ?? "",
      sources: lines("sources"), unlinkedAccounts: values["unlinked_accounts"].flatMap { Int($0) } ?? 0,
      unlinkedCustomers: values["unlinked_customers"].flatMap { Int($0) } ?? 0,
      policyAssumptions: lines("policy_assumptions"))
    terms.findings = lines("findings").compactMap { FindingCount(line: $0) }
    return terms
  }
}

extension FindingCount {
  /// One line of texts between tabs.
  fileprivate var line: String {
    [severity.rawValue, name, String(count), problem, consequence].map { text in
      String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    }.joined(separator: "\t")
  }

  fileprivate init?(line: String) {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let severity = Finding.Severity(rawValue: parts[0]), let count = Int(parts[2])
    else { return nil }
    self.init(name: parts[1], severity: severity, problem: parts[3], consequence: parts[4], count: count)
  }
}
