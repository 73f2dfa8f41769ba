import Model

/// The CRM's opportunities as of the end of the data.
final class OpportunitiesExport {
  private let report: SalesforceReport
  private let broken: BrokenRows

  init(folder: String, calendar: Calendar, broken: BrokenRows) throws {
    self.broken = broken
    report = try SalesforceReport(
      path: "\(folder)/opportunities_\(calendar.lastDay).csv",
      header: [
        "Opportunity ID", "Account ID", "Opportunity Name", "Type", "Stage", "Amount", "CurrencyIsoCode",
        "Created Date", "Close Date", "Opportunity Owner",
      ])
  }

  private static let owners = [
    "Ana Lind", "Zoë Marín", "James O'Connor", "Wei Zhang", "Priya Natarajan", "Łukasz Wójcik",
    "Grace, Hopper",
  ]

  func write(_ customer: Customer, _ prospect: Prospect) {
    guard let account = customer.accountID else { return }
    let writer = report.writer
    for (ordinal, deal) in prospect.deals.enumerated() {
      writer.text(OpaqueID.salesforce(prefix: "006", customer.index * 64 + ordinal))
      writer.text(account)
      writer.text("\(customer.name) - \(deal.kind.rawValue)")
      writer.text(deal.kind.rawValue)
      writer.text(deal.stage)
      if let amount = deal.amount {
        // Salesforce shows two decimals whatever the currency.
        writer.amount(amount * (customer.currency == .jpy ? 100 : 1), exponent: 2)
      } else {
        writer.empty()
      }
      writer.text(customer.currency.code)
      report.date(deal.created)
      if ordinal == 0, customer.index == broken.customerWithBrokenDeal {
        writer.text("31/12/2025")
      } else {
        report.date(deal.closed)
      }
      writer.text(Self.owners[customer.index % Self.owners.count])
      writer.endRow()
    }
  }

  func finish() throws -> WrittenFile { try report.finish() }
}
