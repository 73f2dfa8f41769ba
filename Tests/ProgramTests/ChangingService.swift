import Foundation
import LoopbackServers

/// An API of subscriptions with items that changes from night to night, and the configuration that reads it.
struct ChangingService {
  struct Item {
    var amount: Int
    var isBroken = false
  }
  struct Subscription {
    var items: [String: Item]
    var isDeleted = false
    /// Its items stand where nobody looks for them.
    var hidesItems = false
    var updated: Int
  }

  private(set) var subscriptions: [String: Subscription] = [:]
  private var night = 0
  private var state: UInt64

  init(seed: UInt64, count: Int = 12) {
    state = seed
    for number in 0..<count {
      subscriptions["s\(number)"] = Subscription(
        items: ["i\(number)-0": Item(amount: 100 + draw(900)), "i\(number)-1": Item(amount: 50 + draw(50))],
        updated: Self.start + number)
    }
  }

  /// Long past: cursors reach no further than the server's clock.
  private static let start = 1_700_000_000

  /// SplitMix64.
  mutating func draw(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ mixed >> 31) % UInt64(count))
  }

  mutating func change(_ key: String, _ body: (inout Subscription) -> Void) {
    var subscription = subscriptions[key] ?? Subscription(items: [:], updated: 0)
    body(&subscription)
    subscription.updated = Self.start + 86_400 * night + draw(1000)
    subscriptions[key] = subscription
  }

  /// Begins the next night: what is changed from here on is later than what was.
  mutating func nextNight() { night += 1 }

  /// Items come and go, prices change and break, subscriptions are deleted, return and are new.
  mutating func changeSome() {
    nextNight()
    for _ in 0..<3 + draw(3) {
      let number = draw(subscriptions.count + 1)
      let (action, amount, item) = (draw(6), 100 + draw(900), "i\(number)-\(draw(3))")
      change("s\(number)") { subscription in
        switch action {
        case 0: subscription.isDeleted.toggle()
        case 1: subscription.items[item] = nil
        case 2: subscription.items[item]?.isBroken = true
        case 3: subscription.items = subscription.items.mapValues { Item(amount: $0.amount) }
        default: subscription.items[item] = Item(amount: amount)
        }
      }
    }
  }

  /// What the server is to play.
  var script: [String: Any] {
    let records: [[String: Any]] = subscriptions.map { key, subscription in
      let items: [[String: Any]] = subscription.items.sorted { $0.key < $1.key }.map { id, item in
        [
          "id": id, "amount": item.isBroken ? "much" : "\(item.amount)",
          "start": "2024-01-1\(item.amount % 10)",
        ]
      }
      return [
        "id": key, "customer": "c-\(key)", "updated": subscription.updated, "deleted": subscription.isDeleted,
        "items": subscription.isDeleted ? [] : subscription.hidesItems ? ["list": items] : items as Any,
      ]
    }
    return [
      "lists": [
        "subscriptions": [
          "records": records, "style": "token", "sort": "updated", "size": 5, "total": "field",
        ]
      ]
    ]
  }

  /// A project that reads it, and holds nothing back.
  static func project(_ server: FaultServer, rows: String = "current_state") throws -> TemporaryProject {
    let project = try TemporaryProject()
    try FileManager.default.removeItem(
      at: project.folder.appendingPathComponent("Config/sources/billing.yml"))
    try project.write("Config/connectors/service.yml", connector(server, rows: rows))
    try project.write("Config/sources/billing.yml", source)
    return project
  }

  static let source = """
    connector: service
    stream: subscriptions
    hold: {rows_fall: 100 %, mrr_fall: 100 %}
    quarantine: {max_share: 90 %}

    """

  static func connector(_ server: FaultServer, rows: String) -> String {
    """
    title: A service
    base_url: \(server.api)
    streams:
      subscriptions:
        path: /api/subscriptions
        records: data
        key: id
        page: {style: token, field: next.cursor, parameter: cursor, more: has_more, size: {parameter: limit, value: 5}}
        count: {field: total}
        deleted: {field: deleted}
        changes:
          parameters: {since: "{since}"}
          field: updated
          format: epoch_seconds
          overlap: 1 s
        mapping:
          format: {each: items}
          entities:
            subscription:
              rows: \(rows)
              id: id
              customer: customer
            recurring_charge:
              rows: \(rows)
              id: items.id
              subscription: id
              customer: customer
              amount: items.amount\(rows == "periods" ? "\n          start: items.start" : "")
              interval_unit: {constant: month}
              currency: {constant: USD}

    """
  }
}
