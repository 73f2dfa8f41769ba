import Foundation
import Testing

@testable import Demo

@Test func aRowIsWrittenForEachPeriodOfABillingCustomer() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID())").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let company = DemoCompany(customers: 50, months: 24)
  let files = try company.write(to: folder)
  var terms = 0
  company.forEachCustomer { customer, life in
    if customer.system == .billing { terms += life.terms.count }
  }
  #expect((files.first?.rows ?? 0) == terms)
  #expect(terms > 50)
}
