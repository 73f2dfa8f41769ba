import Model

/// Who a customer of the demo company is: what its accounts in billing and CRM say.
struct Customer {
  enum System: String, Sendable { case billing, stripe }

  struct Country {
    let code: String
    let currency: BillingCurrency
    /// Out of 1000 customers.
    let share: Int
    /// Legal forms its companies' names end with.
    let forms: [String]
  }

  /// Position in the company's list of customers, from 0.
  var index: Int
  var system: System
  var name: String
  /// ISO 3166 two-letter code.
  var country: String
  /// Where it was before it moved, and the first day in the new country.
  var movedFrom: (country: String, until: Day)?
  var currency: BillingCurrency
  var industry: String
  var employees: Int
  /// The first day of its first subscription.
  var created: Day
  /// Position of the parent customer.
  var parent: Int?
  /// Whether the CRM has an account for it.
  var hasAccount = true

  static let countries: [Country] = [
    Country(code: "US", currency: .usd, share: 430, forms: ["Inc.", "LLC", "Corp.", "Group", "Partners"]),
    Country(code: "GB", currency: .gbp, share: 130, forms: ["Ltd", "Limited", "plc"]),
    Country(code: "DE", currency: .eur, share: 120, forms: ["GmbH", "AG", "GmbH & Co. KG"]),
    Country(code: "FR", currency: .eur, share: 70, forms: ["SA", "SARL", "SAS"]),
    Country(code: "CA", currency: .usd, share: 60, forms: ["Inc.", "Ltd."]),
    Country(code: "NL", currency: .eur, share: 50, forms: ["B.V.", "N.V."]),
    Country(code: "ES", currency: .eur, share: 40, forms: ["S.L.", "S.A."]),
    Country(code: "AU", currency: .usd, share: 35, forms: ["Pty Ltd"]),
    Country(code: "IE", currency: .eur, share: 25, forms: ["DAC", "Ltd"]),
    Country(code: "JP", currency: .jpy, share: 40, forms: ["K.K.", "株式会社"]),
  ]

  static let industries = [
    "Manufacturing", "Retail", "Software", "Healthcare", "Financial Services", "Education", "Media",
    "Transportation", "Construction", "Food & Beverage",
  ]

  /// A customer as chance makes it; the life it leads comes from the same generator afterwards.
  init(index: Int, system: System, random: inout SeededRandom, created: Day) {
    self.index = index
    self.system = system
    self.created = created
    let country = Self.countries[random.pick(Self.countryShares)]
    self.country = country.code
    currency = country.currency
    industry = random.element(of: Self.industries)
    employees = max(1, random.logNormal(median: 38))
    name = CompanyName.ordinary(form: random.element(of: country.forms), random: &random)
    hasAccount = !random.chance(perMille: 25)
  }

  private static let countryShares = countries.map(\.share)

  var id: String { Self.id(index, in: system) }

  /// The id billing knows a customer by, `C-000123`, or Stripe's.
  static func id(_ index: Int, in system: System) -> String {
    switch system {
    case .billing:
      "C-" + String(repeating: "0", count: max(0, 6 - String(index + 1).count)) + String(index + 1)
    case .stripe: "cus_" + OpaqueID.letters(kind: 1, index, 0, length: 14)
    }
  }

  func country(on day: Day) -> String {
    if let movedFrom, day < movedFrom.until { return movedFrom.country }
    return country
  }
}

extension Customer {
  /// Its account in the CRM.
  var accountID: String? { hasAccount ? OpaqueID.salesforce(prefix: "001", index) : nil }
}
