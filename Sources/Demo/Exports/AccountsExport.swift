import Model

/// The CRM's accounts, as reports saved at the end of every year and at the end of the data.
final class AccountsExport {
  private let reports: [(day: Day, report: SalesforceReport)]
  private let calendar: Calendar
  private let broken: BrokenRows

  init(folder: String, calendar: Calendar, broken: BrokenRows) throws {
    self.calendar = calendar
    self.broken = broken
    let months = calendar.all.filter { $0.monthOfYear == 12 || $0 == Calendar.last }
    reports = try months.map { month in
      let path = "\(folder)/accounts_\(month.lastDay).csv"
      return (day: month.lastDay, report: try SalesforceReport(path: path, header: Self.header))
    }
  }

  private static let header = [
    "Account ID", "Account Name", "Billing Country", "Industry", "Employees", "Parent Account ID",
    "Created Date",
  ]

  func write(_ customer: Customer, _ prospect: Prospect) {
    guard let id = customer.accountID else { return }
    for (day, report) in reports where prospect.created <= day {
      let writer = report.writer
      writer.text(id)
      writer.text(customer.name)
      writer.text(customer.country(on: day))
      writer.text(customer.industry)
      if day == calendar.lastDay, customer.index == broken.customerWithBrokenAccount {
        writer.text("about 50")
      } else if customer.index % 41 == 7 {
        writer.empty()
      } else {
        writer.number(Int64(employees(of: customer, on: day)))
      }
      writer.text(customer.parent.map { OpaqueID.salesforce(prefix: "001", $0) } ?? "")
      report.date(prospect.created)
      writer.endRow()
    }
  }

  /// Every third company grows, by a twelfth a year.
  private func employees(of customer: Customer, on day: Day) -> Int {
    guard customer.index % 3 == 0 else { return customer.employees }
    let years = Calendar.last.year - day.civil.year
    return max(1, customer.employees - customer.employees * years / 12)
  }

  func finish() throws -> [WrittenFile] { try reports.map { try $0.report.finish() } }
}
