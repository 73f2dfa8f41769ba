import GRDB
import Model

/// Why customers' MRR of closed months is another one now: the rows of theirs that came, changed or went since the close.
struct RestatementCauses {
  /// A standing close: the run whose figures were closed, and the digest of what it was configured with.
  private struct Close {
    var month: Month
    var run: Int64
    var configuration: Int64
  }

  /// A version of a row, as long as it was known.
  private struct Version {
    var entity: EntityKind
    var identity: Int64
    var from: Int64
    /// nil: it stands.
    var to: Int64?
    /// The first day it is in force, as written; nil where something else says so.
    var start: String?
    var place: String
  }

  private let closes: [Close]
  private let configuration: Int64
  private var versions: [Int64: [Version]] = [:]
  /// Identities that stand for another customer.
  private var linked: Set<Int64> = []

  /// - Parameters:
  ///   - month: The first restated one: what changed since its close counts.
  ///   - configuration: Digest of what the run is configured with.
  init(
    since month: Month, of customers: Set<Int64>, _ configuration: Int64, _ database: Database
  ) throws {
    self.configuration = configuration
    closes = try Row.fetchAll(
      database,
      sql: """
        select k.month, k.run, c.digest from closing k join run r on r.run = k.run
        join configuration c on c.configuration = r.configuration
        where \(standing) and k.month >= ? order by k.month
        """, arguments: [month.number]
    ).map { Close(month: Month(number: $0[0]), run: $0[1], configuration: $0[2]) }
    guard let earliest = closes.map(\.run).min() else { return }
    let basis = try PublicationTerms.fetch(database)?.basis ?? ""
    for entity in Self.entities where entity.bases.contains(basis) {
      try read(entity, since: earliest, of: customers, database)
    }
    linked = try Set(
      Int64.fetchAll(database, sql: "select identity from identity where customer_id <> identity"))
  }

  private struct Source {
    var kind: EntityKind
    /// The identity of its customer, of a version `v`.
    var customer: String
    /// When it begins; `null` where other rows say so.
    var start = "null"
    /// Bases by which MRR is counted from it.
    var bases: Set<String> = ["subscriptions", "invoices", "contracts"]
  }

  /// What MRR is counted from.
  private static let entities = [
    Source(kind: .recurringCharge, customer: viaSubscription, start: "v.start", bases: ["subscriptions"]),
    Source(kind: .invoiceLine, customer: viaSubscription, start: "v.period_start", bases: ["invoices"]),
    Source(kind: .contract, customer: "v.customer", start: "v.start", bases: ["contracts"]),
    Source(kind: .subscription, customer: "v.customer", bases: ["subscriptions", "invoices"]),
    Source(kind: .customer, customer: "v.identity"),
  ]

  private static let viaSubscription = """
    coalesce(v.customer, (select s.customer from subscription_version s
      where s.identity = v.subscription and s.seen_to is null limit 1))
    """

  private mutating func read(
    _ entity: Source, since run: Int64, of customers: Set<Int64>, _ database: Database
  ) throws {
    let select = try RawStatement(
      database,
      """
      select coalesce(c.customer_id, c.identity), v.identity, v.seen_from, v.seen_to, f.path, v.line,
        \(entity.start)
      from \(versionTableName(entity.kind)) v
      join identity c on c.identity = \(entity.customer)
      join source_file f on f.file = v.file
      where v.seen_from > \(run) or v.seen_to > \(run)
      order by v.identity, v."row"
      """)
    while try select.step() {
      let customer = select.integer(0)
      guard customers.contains(customer) else { continue }
      versions[customer, default: []].append(
        Version(
          entity: entity.kind, identity: select.integer(1), from: select.integer(2),
          to: select.optionalInteger(3), start: select.optionalText(6),
          place: "\(select.text(4)):\(select.integer(5))"))
    }
  }

  /// A sentence, and the rows as file and line, one a line; of what changed since the first month's close, and begins by the end of the
  /// last one.
  func cause(of customer: Int64, in months: ClosedRange<Month>) -> (sentence: String, rows: String) {
    guard let close = closes.first(where: { $0.month >= months.lowerBound }) else {
      return ("before the first close", "")
    }
    let end = months.upperBound.lastDay
    let changed = (versions[customer] ?? []).filter { version in
      guard version.from > close.run || (version.to ?? 0) > close.run else { return false }
      // An instant may be a day off the project's own calendar.
      return version.start.map { $0 < ($0.contains("T") ? end + 2 : end + 1).description } ?? true
    }
    let known = Set(changed.lazy.filter { $0.from <= close.run }.map(\.identity))
    let stands = Set(changed.lazy.filter { $0.to == nil }.map(\.identity))
    var kinds: [String] = []
    var places: [String] = []
    for version in changed {
      let wasKnown = known.contains(version.identity)
      let change: String
      if version.to == nil {
        change = wasKnown ? "changed" : "came late"
      } else if version.from <= close.run, !stands.contains(version.identity) {
        change = "withdrawn"
      } else {
        continue
      }
      let kind = "\(Self.word(version.entity)) \(change)"
      if !kinds.contains(kind) { kinds.append(kind) }
      places.append(version.place)
    }
    if linked.contains(customer) { kinds.append("linked to another customer") }
    // Beside rows it may be the cause, or part of it.
    if close.configuration != configuration { kinds.append("a setting changed") }
    if kinds.isEmpty { kinds.append("rates or rows of others changed") }
    var seen: Set<String> = []
    return (
      kinds.joined(separator: ", "), places.filter { seen.insert($0).inserted }.joined(separator: "\n")
    )
  }

  private static func word(_ entity: EntityKind) -> String {
    switch entity {
    case .recurringCharge: "charge"
    case .invoiceLine: "invoice line"
    default: entity.rawValue
    }
  }
}
