import Glibc
import Model

/// A file that ``DemoCompany/write(to:)`` wrote.
public struct WrittenFile: Sendable, Hashable {
  public let path: String
  /// Data rows, without header and footer lines; broken rows count.
  public let rows: Int
  public let bytes: Int
}

extension DemoCompany {
  /// Writes the systems' exports to `exports/` below `folder`, and `traps.csv` beside it.
  ///
  /// Creates folders as needed; an earlier demo company's files there go. One customer is in memory at a time. Throws
  /// ``ExportFailure`` when the world does not let it.
  public func write(to folder: String) throws -> [WrittenFile] {
    let exports = folder + "/exports"
    let folders = ["billing", "stripe", "salesforce", "finance", "product"].map { exports + "/" + $0 }
    for path in [folder, exports] + folders { try makeFolder(path) }
    for path in folders { try removeDatedFiles(path) }

    let broken = BrokenRows(customers: customers, cast: cast)
    let periods = try PeriodsExport(folder: folders[0], lastDay: calendar.lastDay, broken: broken)
    let stripe = try StripeExport(folder: folders[1], calendar: calendar)
    let accounts = try AccountsExport(folder: folders[2], calendar: calendar, broken: broken)
    let deals = try OpportunitiesExport(folder: folders[2], calendar: calendar, broken: broken)
    let documents = try DocumentsExport(
      folder: folders[0], lastDay: calendar.lastDay, seed: seed, hasContracts: true)
    let charged = try DocumentsExport(folder: folders[1], lastDay: calendar.lastDay, seed: seed)
    let usage = try UsageExport(folder: folders[4], calendar: calendar, seed: seed)
    var totals = MonthlyTotals(calendar: calendar)
    forEachCustomer { customer, life in
      switch customer.system {
      case .billing:
        periods.write(customer, life)
        documents.write(customer, life)
        usage.write(customer, life)
      case .stripe:
        stripe.write(customer, life)
        charged.write(customer, life)
      }
      let prospect = prospect(customer, life)
      accounts.write(customer, prospect)
      deals.write(customer, prospect)
      totals.add(life)
    }
    forEachProspect { account, prospect in
      accounts.write(account, prospect)
      deals.write(account, prospect)
    }
    let expenses = ExpenseExport(calendar: calendar, customers: customers, seed: seed)
    let books = BooksExport(calendar: calendar, customers: customers, seed: seed)
    let rates = RateExport(calendar: calendar, seed: seed, hasBrokenRow: broken.hasBrokenRate)
    return [try periods.finish()] + (try stripe.finish()) + (try accounts.finish()) + [
      try deals.finish(), try expenses.write(folder: folders[3], totals: totals),
      try rates.write(folder: folders[3]),
    ] + (try documents.finish()) + (try charged.finish()) + [try usage.finish()]
      + (try books.write(folder: folders[3], totals: totals)) + [try writeTraps(folder: folder)]
  }

  private func writeTraps(folder: String) throws -> WrittenFile {
    let writer = try ExportWriter(
      path: folder + "/traps.csv", header: ["trap", "system", "customer_id", "meaning"])
    for entry in traps {
      writer.text(entry.trap.rawValue)
      writer.text(entry.system)
      writer.text(entry.customer)
      writer.text(entry.trap.meaning)
      writer.endRow()
    }
    return try writer.finish()
  }

  /// With the folders it lies in.
  private func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
      // Of a folder that is there the system may say other things than EEXIST: that it cannot be written to.
      if mkdir(partial, 0o755) != 0, access(partial, F_OK) != 0 {
        throw ExportFailure(partial, "cannot be created", errno)
      }
    }
  }

  /// A glob over the snapshots must not find those of an earlier demo company with more months.
  private func removeDatedFiles(_ folder: String) throws {
    guard let listing = opendir(folder) else { throw ExportFailure(folder, "cannot be read", errno) }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if Self.isDatedExport(name) { names.append(name) }
    }
    for name in names where unlink(folder + "/" + name) != 0 {
      throw ExportFailure(folder + "/" + name, "cannot be removed", errno)
    }
  }

  private static let prefixes = [
    "periods", "subscriptions", "customers", "prices", "accounts", "opportunities", "expenses", "fx_rates",
    "invoices", "invoice_lines", "payments", "refunds", "credit_notes", "contracts", "usage", "cash",
    "budget", "adjustments",
  ]

  /// `subscriptions_2026-10-31.csv` and the like: only what this program writes.
  static func isDatedExport(_ name: String) -> Bool {
    prefixes.contains { prefix in
      name.hasPrefix(prefix + "_") && name.hasSuffix(".csv")
        && Day(iso: name.dropFirst(prefix.count + 1).dropLast(4)) != nil
    }
  }
}
