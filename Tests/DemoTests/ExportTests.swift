import Foundation
import Model
import Testing

@testable import Demo

@Test func theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws {
  let first = try WrittenCompany(customers: 300, seed: 5)
  let again = try WrittenCompany(customers: 300, seed: 5)
  let other = try WrittenCompany(customers: 300, seed: 6)
  #expect(first.paths == again.paths)
  #expect(try first.allBytes() == again.allBytes())
  #expect(try first.allBytes() != other.allBytes())
}

@Test func theBytesAreTheSameOnEveryMachine() throws {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in try WrittenCompany(customers: 200).allBytes() {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }
  // To be written anew when the demo company is meant to change.
  #expect(hash == 5_871_446_297_576_709_562)
}

@Test(arguments: [(200, 40, 1), (250, 33, 2), (700, 40, 3), (300, 24, 4), (30, 3, 5), (1, 1, 6)])
func theExportsComeToTheExpectedMRR(customers: Int, months: Int, seed: UInt64) throws {
  let written = try WrittenCompany(customers: customers, months: months, seed: seed)
  let totals = try ReadBack(written).totals
  let expected = written.company.expectedNativeMRR()
  #expect(expected.count == months * 4)
  for entry in expected {
    let key = ReadBack.Key(customer: "", month: entry.month, currency: entry.currency.code)
    #expect(totals[key, default: 0] == entry.micros, "seed \(seed): \(entry)")
  }
}

@Test func everyIdIsWrittenOncePerFile() throws {
  let written = try WrittenCompany(customers: 1200)
  for (name, column) in [
    ("billing/periods", "period_id"), ("stripe/subscriptions", "id"), ("stripe/customers", "id"),
    ("stripe/prices", "id"), ("salesforce/accounts", "Account ID"),
    ("salesforce/opportunities", "Opportunity ID"),
  ] {
    let ids = try written.table("exports/\(name)_2026-10-31.csv").map { $0[column, default: ""] }
    #expect(ids.count > 100)
    #expect(Set(ids).count == ids.count, "\(name)")
  }
}

@Test func aCustomerIsEitherInBillingOrInStripe() throws {
  let written = try WrittenCompany(customers: 600)
  func accounts(_ path: String, _ column: String) throws -> Set<String> {
    Set(try written.table(path).map { $0[column, default: ""] }).subtracting([""])
  }
  let billing = try accounts("exports/billing/periods_2026-10-31.csv", "crm_account_id")
  let stripe = try accounts(
    "exports/stripe/customers_2026-10-31.csv", "metadata_salesforce_account_id")
  let crm = try accounts("exports/salesforce/accounts_2026-10-31.csv", "Account ID")
  #expect(billing.isDisjoint(with: stripe))
  #expect(billing.union(stripe).isSubset(of: crm))
  #expect(crm.count > billing.count + stripe.count, "some accounts never became customers")
}

private let python = "/usr/bin/python3"

@Test(.enabled(if: FileManager.default.isExecutableFile(atPath: python), "needs python3"))
func pythonReadsTheSameNumberOfRows() throws {
  let folder = TemporaryFolder()
  let files = try DemoCompany(customers: 400).write(to: folder.path)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: python)
  process.arguments =
    [
      "-c",
      """
      import csv, sys
      for path in sys.argv[1:]:
          rows = [r for r in csv.reader(open(path, newline='', encoding='utf-8'), strict=True)]
          footer = sum(1 for r in rows if not r or r[0].startswith(('Confidential', 'Copyright')))
          print(len(rows) - 1 - footer)
      """,
    ] + files.map(\.path)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  #expect(text.split(separator: "\n").compactMap { Int($0) } == files.map(\.rows))
}

@Test(arguments: [200, 400, 1000, 3000])
func brokenRowsStayBelowHalfAPercentOfTheirFile(customers: Int) throws {
  let written = try WrittenCompany(customers: customers)
  let rows = written.parsed(try written.bytes("exports/billing/periods_2026-10-31.csv"))
  let broken = rows.dropFirst().filter { row in
    row.count != rows[0].count || Day(iso: row[8]) == nil || Currency(row[18]) == nil || row[10].contains("o")
      || !["week", "month", "year"].contains(row[16])
  }
  #expect(broken.count == min(5, customers / 400 + 1))
  #expect(broken.count * 200 < rows.count)
  let rates = written.parsed(try written.bytes("exports/finance/fx_rates_2026-10-31.csv"))
  #expect(rates.filter { $0.last == "n/a" }.count == 1)
}

@Test func oneFileOfTheCRMHasABrokenRowOfItsOwn() throws {
  let written = try WrittenCompany(customers: 1000)
  let accounts = try written.table("exports/salesforce/accounts_2026-10-31.csv")
  #expect(accounts.filter { Int($0["Employees", default: ""]) == nil && $0["Employees"] != "" }.count == 1)
  let deals = try written.table("exports/salesforce/opportunities_2026-10-31.csv")
  #expect(deals.filter { $0["Close Date"] == "31/12/2025" }.count == 1)
}

@Test func ratesAreOfWorkingDaysOnlyAndOnePairIsTurnedAround() throws {
  let written = try WrittenCompany(customers: 10)
  let rows = try written.table("exports/finance/fx_rates_2026-10-31.csv")
  let days = rows.compactMap { Day(iso: $0["date", default: ""]) }
  #expect(days.count == rows.count)
  #expect(!days.contains { $0.isOnWeekend })
  #expect(days.first.map { $0 < Month(year: 2023, month: 7).firstDay - 7 } == true)
  let pairs = Set(rows.map { $0["from", default: ""] + $0["to", default: ""] })
  #expect(pairs == ["EURUSD", "GBPUSD", "USDGBP", "USDJPY"])
}

@Test func anEarlierCompanysSnapshotsGoAndOtherFilesStay() throws {
  let folder = TemporaryFolder()
  _ = try DemoCompany(customers: 20, months: 6).write(to: folder.path)
  let stripe = folder.path + "/exports/stripe/"
  try Data("mine".utf8).write(to: URL(fileURLWithPath: stripe + "subscriptions_mine.csv"))
  _ = try DemoCompany(customers: 20, months: 2).write(to: folder.path)
  let left = try FileManager.default.contentsOfDirectory(atPath: stripe).filter { $0.hasPrefix("subs") }
    .sorted()
  #expect(
    left == [
      "subscriptions_2026-09-30.csv", "subscriptions_2026-10-31.csv", "subscriptions_mine.csv",
    ])
}

@Test func aFolderThatCannotBeMadeIsToldWithItsPath() throws {
  let error = #expect(throws: ExportFailure.self) {
    _ = try DemoCompany(customers: 1, months: 1).write(to: "/dev/null/here")
  }
  #expect(error?.path == "/dev/null/here")
}

@Test func splitMixGivesItsPublishedNumbers() {
  var random = SeededRandom(seed: 1_234_567)
  #expect([random.next(), random.next()] == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973])
}
