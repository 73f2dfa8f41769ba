import ArgumentParser
import Glibc
import Model
import Warehouse

struct CloseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a month: what is published of it never changes again.",
    discussion: """
      Closes every open month before it, too. Each close keeps the month's figures, bridge, cohorts, customers' movements and MRR, and \
      exchange rates under a SHA-256 chained to the close before. What the facts say otherwise later, a late refund or a back-dated \
      cancellation, goes to the restatement ledger (`perennial restatements`), and from it into the first open month's opening.
      Provisional months cannot be closed. `perennial doctor` computes all digests anew.

      EXAMPLE
        perennial close 2024-03 --by "Anna Weber"
      """)

  @Argument(help: "The month, as in 2024-03.")
  var month: Month
  @Option(name: .customLong("by"), help: "Who closes it; else the account that runs the program.")
  var person: String?
  @Option(help: "What is to stand beside it on record.") var note: String?
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    try WorldFaults.told {
      let reader = try WarehouseReader(reading: project.warehousePath)
      if let latest = try reader.latestRuns(1).first, latest.status == .held || latest.status == .failed {
        Console.write(
          "note: run \(latest.id) was \(latest.status.rawValue); what is closed are the figures published before it"
        )
      }
      let lock = try Warehouse.lock(project.warehousePath)
      let entries = try ClosingRefused.told {
        try Warehouse(opening: project.warehousePath).close(
          month, ClosingSignature(person: try signer(person), at: Clock.now, reason: note), holding: lock)
      }
      for entry in entries { print(entry.line) }
    }
  }
}

struct ReopenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reopen", abstract: "Open the latest closed month again, on record.",
    discussion: """
      Its figures are what the facts say from the next run on. What was closed stays on record with the reason.

      EXAMPLE
        perennial reopen 2024-03 --reason "March's refunds were booked twice" --by "Anna Weber"
      """)

  @Argument(help: "The latest closed month, as in 2024-03.")
  var month: Month
  @Option(help: "Why; it stays on record.") var reason: String
  @Option(name: .customLong("by"), help: "Who opens it; else the account that runs the program.")
  var person: String?
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard reason.contains(where: { !$0.isWhitespace }) else { throw ValidationError("--reason says nothing") }
  }

  func run() throws {
    let project = try options.load()
    try WorldFaults.told {
      _ = try WarehouseReader(reading: project.warehousePath)
      let lock = try Warehouse.lock(project.warehousePath)
      let entry = try ClosingRefused.told {
        try Warehouse(opening: project.warehousePath).reopen(
          month, ClosingSignature(person: try signer(person), at: Clock.now, reason: reason), holding: lock)
      }
      print(entry.line)
      Console.write("run the pipeline again: \(month) then shows what the facts say now")
    }
  }
}

extension ClosingEntry {
  /// `2024-03 closed by Anna Weber at 2024-04-05T08:00:00Z: 1,204 figures, sha256 ab12...`
  var line: String {
    let what = action == .close ? "closed" : "opened again"
    let why = reason.map { ": \(Console.masked($0))" } ?? ""
    return "\(month) \(what) by \(person) at \(at)\(why); \(figures) figures, sha256 \(digest)"
  }
}

/// Who stands on record: the person named, else the account that runs the program.
private func signer(_ named: String?) throws -> String {
  if let named {
    guard named.contains(where: { !$0.isWhitespace }), !named.contains(where: \.isNewline) else {
      throw Stop(
        .wrongUse, "no-person", "--by names nobody, or in several lines",
        remedy: "name who closes the month, or leave it away")
    }
    return named
  }
  guard let account = getpwuid(getuid()), let name = account.pointee.pw_name else {
    throw Stop(
      .wrongUse, "no-person", "the account that runs this has no name", remedy: "name a person with --by")
  }
  return String(cString: name)
}

extension ClosingRefused {
  fileprivate static func told<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let refused as ClosingRefused {
      throw Stop(.refused, "closing-refused", refused.problem, remedy: refused.remedy)
    }
  }

  private var problem: String {
    switch self {
    case .nothingPublished: "nothing is published yet: there is no figure to close"
    case .alreadyClosed(let through): "the months to \(through) are closed already"
    case .notPublished(let first, let last):
      "no figures of that month are published: they are of \(first) to \(last)"
    case .provisional: "the month is provisional: the data has not passed its end and the policy's grace days"
    case .noneClosed: "no month is closed"
    case .notLatest(let closed): "only the latest closed month can be opened again, and that is \(closed)"
    }
  }

  private var remedy: String? {
    switch self {
    case .notPublished(_, let last):
      "close \(last) or an earlier one, or run the pipeline with exports that reach further"
    case .nothingPublished: "run the pipeline with exports that reach past the month's end"
    case .alreadyClosed(let through): "`perennial reopen \(through) --reason ...` opens the latest again"
    case .provisional(let last):
      "wait for exports that reach further"
        + (last.map { "; the last month that can be closed is \($0)" } ?? "")
    case .noneClosed: nil
    case .notLatest(let closed): "open \(closed) first, then the month before it"
    }
  }
}
