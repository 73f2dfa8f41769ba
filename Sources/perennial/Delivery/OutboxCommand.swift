import ArgumentParser
import Model
import Warehouse

struct OutboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "Show what was delivered and what was not, and send it again.",
    subcommands: [List.self, Send.self, Resend.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List deliveries, the latest first.",
      discussion: """
        queued: to be tried, for the first time or again; sending: under way; sent: a server took it; failed: given up;
        unknown: handed over, and no answer came.

        EXAMPLE
          perennial outbox list --open
        """)

    @OptionGroup var options: ProjectOptions
    @Flag(help: "Only what was not sent, or may not have been.")
    var open = false
    @Option(help: "At most so many.")
    var limit = 50
    @Flag(help: "One JSON object a delivery.")
    var json = false

    func run() throws {
      let project = try options.load()
      try WorldFaults.told {
        let reader = try WarehouseReader(reading: project.warehousePath)
        for entry in try reader.outbox(open: open, limit: limit) {
          print(json ? entry.object : entry.line)
        }
      }
    }
  }

  struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try what is due: what a server did not take before, once its time has come.",
      discussion: """
        For cron between the runs, so that a server that was down or asks to come back later gets the report this morning. Exit code 3 while
        something waits, and when it is given up, which the operator is told; afterwards runs tell of it. While a run is publishing nothing is done: it sends what is due itself. A run that begins meanwhile is not kept waiting,
        and whoever sends at the same time sends something else.

        EXAMPLE
          */10 * * * * perennial outbox send --project /srv/books
        """)

    @OptionGroup var options: ProjectOptions

    func run() throws {
      let project = try options.load()
      let outcome = try WorldFaults.told {
        // A run that is under way sends what is due itself.
        if WarehouseLock.isHeld(warehouse: project.warehousePath) { return OutboxDelivery.Outcome() }
        let outbox = try Outbox(opening: project.warehousePath, at: Clock.now)
        let outcome = try OutboxDelivery(project: project).carryOut(outbox)
        if !outcome.ended.isEmpty {
          try MissingReports(project: project).tellOperator(outbox, pipeline: nil)
        }
        return outcome
      }
      if outcome.sent > 0 { Console.write("\(outcome.sent) sent") }
      if !outcome.findings.isEmpty { throw Stop(.unreachable, outcome.findings) }
    }
  }

  struct Resend: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send deliveries again, whatever became of them.",
      discussion: """
        The same message with the same Message-ID. What was sent, or may have been, gets there twice: ask first.

        EXAMPLE
          perennial outbox resend 12
        """)

    @Argument(help: "Numbers of `perennial outbox`.")
    var numbers: [Int64]
    @OptionGroup var options: ProjectOptions

    func run() throws {
      let project = try options.load()
      let outcome = try WorldFaults.told {
        let outbox = try project.outboxBesideNoRun()
        for number in numbers where try !outbox.resend(number, at: Clock.now) {
          throw Stop(
            .wrongUse, "unknown-delivery",
            "there is no delivery \(number), its content is not kept any more, or it is being sent right now",
            remedy: "`perennial outbox` lists them; `perennial send REPORT --again` makes a message anew")
        }
        return try OutboxDelivery(project: project).carryOut(outbox) { numbers.contains($0.id) }
      }
      Console.write("\(outcome.sent) of \(numbers.count) sent")
      if !outcome.findings.isEmpty { throw Stop(.unreachable, outcome.findings) }
    }
  }
}

extension OutboxEntry {
  /// One line for people.
  var line: String {
    var parts = [
      "\(id)", state.rawValue, key.rule, key.report, key.period, key.recipient, "revision \(revision)",
      "\(changed)",
    ]
    if state != .sent, attempts > 0 { parts.append("\(attempts) \(attempts == 1 ? "try" : "tries")") }
    if let retryAt { parts.append("again from \(retryAt)") }
    if let reply { parts.append(reply) }
    return parts.joined(separator: "  ")
  }

  var object: String {
    JSONLine([
      ("delivery", .integer(id)), ("state", .text(state.rawValue)), ("channel", .text(key.channel.rawValue)),
      ("rule", .text(key.rule)), ("report", .text(key.report)), ("period", .text(key.period)),
      ("recipient", .text(key.recipient)), ("revision", .integer(Int64(revision))),
      ("message_id", .text(messageID)), ("queued", .text("\(queued)")), ("changed", .text("\(changed)")),
      ("attempts", .integer(Int64(attempts))), ("retry_at", .init(retryAt.map { "\($0)" })),
      ("reply", .init(reply)),
    ]).description
  }
}
