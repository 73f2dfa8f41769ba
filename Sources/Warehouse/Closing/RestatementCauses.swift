import GRDB
import Model

/// Why customers' MRR of closed months is another one now: the rows of theirs that came, changed or went since the close.
struct RestatementCauses {
  private enum Change: String {
    case late = "came late"
    case changed = "changed"
    case withdrawn = "withdrawn"
  }

  private struct ChangedRow {
    var entity: EntityKind
    var change: Change
    var place: String
  }

  private var rows: [Int64: [ChangedRow]] = [:]
  private let isConfiguredAnew: Bool

  /// - Parameters:
  ///   - month: The first restated one: what changed since its close counts.
  ///   - configuration: Digest of what the run is configured with.
  init(
    since month: Month, of customers: Set<Int64>, _ configuration: Int64, _ database: Database
  ) throws {
    let close = try Row.fetchOne(
      database,
      sql: """
        select k.run, c.digest from closing k join run r on r.run = k.run
        join configuration c on c.configuration = r.configuration
        where \(standing) and k.month >= ? order by k.month limit 1
        """, arguments: [month.number])
    guard let close else {
      isConfiguredAnew = false
      return
    }
    isConfiguredAnew = close[1] as Int64 != configuration
    for entity in Self.entities { try read(entity, since: close[0], of: customers, database) }
  }

  /// What MRR is counted from.
  private static let entities: [(kind: EntityKind, customer: String)] = [
    (.recurringCharge, viaSubscription), (.invoiceLine, viaSubscription), (.contract, "v.customer"),
    (.subscription, "v.customer"), (.customer, "v.identity"),
  ]

  private static let viaSubscription = """
    coalesce(v.customer, (select s.customer from subscription_version s
      where s.identity = v.subscription and s.seen_to is null limit 1))
    """

  private mutating func read(
    _ entity: (kind: EntityKind, customer: String), since run: Int64, of customers: Set<Int64>,
    _ database: Database
  ) throws {
    // A row that changed is there twice: as it was until then, and as it is since.
    let select = try RawStatement(
      database,
      """
      select coalesce(c.customer_id, c.identity), v.identity, v.seen_from > \(run), f.path, v.line
      from \(versionTableName(entity.kind)) v
      join identity c on c.identity = \(entity.customer)
      join source_file f on f.file = v.file
      where v.seen_from > \(run) or v.seen_to > \(run)
      order by v.identity, 3, v."row"
      """)
    var versions: [(customer: Int64, identity: Int64, isNew: Bool, place: String)] = []
    while try select.step() {
      guard customers.contains(select.integer(0)) else { continue }
      versions.append(
        (
          select.integer(0), select.integer(1), select.integer(2) == 1,
          "\(select.text(3)):\(select.integer(4))"
        ))
    }
    let old = Set(versions.lazy.filter { !$0.isNew }.map(\.identity))
    let new = Set(versions.lazy.filter(\.isNew).map(\.identity))
    for version in versions where version.isNew || !new.contains(version.identity) {
      let change: Change =
        version.isNew ? (old.contains(version.identity) ? .changed : .late) : .withdrawn
      rows[version.customer, default: []].append(
        ChangedRow(entity: entity.kind, change: change, place: version.place))
    }
  }

  /// A sentence, and the rows as file and line, one a line.
  func cause(of customer: Int64) -> (sentence: String, rows: String) {
    guard let rows = rows[customer] else {
      return (
        isConfiguredAnew ? "a changed setting" : "customers linked or counted otherwise", ""
      )
    }
    var kinds: [String] = []
    for row in rows {
      let kind = "\(Self.word(row.entity)) \(row.change.rawValue)"
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return (kinds.joined(separator: ", "), rows.map(\.place).joined(separator: "\n"))
  }

  private static func word(_ entity: EntityKind) -> String {
    switch entity {
    case .recurringCharge: "charge"
    case .invoiceLine: "invoice line"
    default: entity.rawValue
    }
  }
}
