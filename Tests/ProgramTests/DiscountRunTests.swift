import Foundation
import Testing

/// Discounts that a charge cannot tell exactly are told of, and never counted as something else.
@Suite struct DiscountRunTests {
  private func run(_ preset: String, _ documents: [Any]) throws -> (project: TemporaryProject, told: String) {
    let project = try TemporaryProject()
    let lines = try documents.map {
      String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
    }
    try project.write("exports/book.ndjson", lines.joined(separator: "\n") + "\n")
    try project.write(
      "Config/sources/billing.yml",
      """
      preset: \(preset)
      files: exports/book.ndjson
      quarantine: {max_share: 100 %}
      entities: {recurring_charge: {interval_unit: {constant: month}}}
      """)
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    return (project, outcome.told)
  }

  private static let charges = """
    select i.natural_id, amount, discount_percent, discount_amount, discount_duration from recurring_charge_version v
    join identity i on i.identity = v.identity where seen_to is null order by 1
    """

  // MARK: Stripe

  private func subscription(
    _ id: String, discount: [String: Any]? = nil, discounts: [Any] = [], ofItem: [Any] = [],
    packages: Int? = nil
  ) -> [String: Any] {
    let price: [String: Any] = [
      "id": "p1", "currency": "usd", "unit_amount_decimal": "1000", "nickname": NSNull(), "product": "x",
      "recurring": ["interval": "month", "interval_count": 1, "usage_type": "licensed"],
      "transform_quantity": packages.map { ["divide_by": $0, "round": "up"] as [String: Any] } ?? NSNull()
        as Any,
    ]
    return [
      "id": id, "customer": "c-\(id)", "status": "active", "start_date": 1_704_067_200, "ended_at": NSNull(),
      "canceled_at": NSNull(), "cancel_at": NSNull(), "trial_end": NSNull(),
      "discount": discount ?? NSNull() as Any, "discounts": discounts,
      "items": [
        "data": [["id": "i-\(id)", "quantity": 10, "price": price, "discounts": ofItem] as [String: Any]]
      ],
    ]
  }

  private func coupon(_ duration: String, percent: Int? = nil, amount: Int? = nil) -> [String: Any] {
    [
      "coupon": [
        "duration": duration, "percent_off": percent ?? NSNull() as Any,
        "amount_off": amount ?? NSNull() as Any, "currency": amount == nil ? NSNull() as Any : "usd",
      ], "start": 1_706_745_600, "end": NSNull(),
    ]
  }

  private static let covering = """
    select i.natural_id, discount_percent, discount_amount, discount_currency, discount_duration, discount_start
    from subscription_version v join identity i on i.identity = v.identity where seen_to is null order by 1
    """

  @Test func aStripeSubscriptionWithTwoDiscountsDoesNotCountAsIfItHadOne() throws {
    let (project, told) = try run(
      "stripe_api_subscriptions",
      [
        subscription("plain"),
        subscription("one", discount: coupon("forever", percent: 25), discounts: ["di_1"]),
        subscription("two", discount: coupon("forever", percent: 25), discounts: ["di_1", "di_2"]),
        subscription("item", ofItem: ["di_3"]), subscription("packs", packages: 10),
        subscription("amount", discount: coupon("once", amount: 500), discounts: ["di_4"]),
      ])
    #expect(
      try project.query(Self.charges) == [
        "i-amount,10000000,,,once", "i-one,10000000,,,forever", "i-plain,10000000,,,",
      ])
    #expect(
      try project.query(Self.covering) == [
        "amount,,5000000,USD,once,2024-02-01T00:00:00Z", "one,25000000,,,forever,2024-02-01T00:00:00Z",
        "plain,,,,,",
      ])
    #expect(told.contains("has several discounts, or the item one of its own"), "\(told)")
    #expect(told.contains("[refused-value]"), "\(told)")
    #expect(
      try project.query("select natural_id from quarantined_row where entity = 'recurring_charge' order by 1")
        == ["i-item", "i-packs", "i-two"])
  }

  @Test func aStripeCustomersCouponCountsWhereASubscriptionHasNone() throws {
    let project = try TemporaryProject()
    func write(_ name: String, _ documents: [Any]) throws {
      let lines = try documents.map {
        String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
      }
      try project.write("exports/\(name).ndjson", lines.joined(separator: "\n") + "\n")
      try project.write(
        "Config/sources/\(name).yml",
        "preset: stripe_api_\(name)\nfiles: exports/\(name).ndjson\ndata_through: as_of\n")
    }
    try FileManager.default.removeItem(
      at: project.folder.appendingPathComponent("Config/sources/billing.yml"))
    try write(
      "subscriptions", [subscription("a"), subscription("b", discount: coupon("forever", percent: 50))])
    try write(
      "customers",
      ["a", "b"].map {
        ["id": "c-\($0)", "name": $0, "discount": coupon("forever", amount: 1000)] as [String: Any]
      })
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    // 10 seats of 10: the customer's 10 off one, half of the other, both from February on.
    #expect(
      try project.query("select month, sum(mrr) from customer_mrr group by month order by month")
        == ["2024-01,200000000", "2024-02,140000000", "2024-03,140000000"])
    #expect(
      try project.query(
        "select value from metric_period where metric = 'mrr_contraction' and period = '2024-02' and dimension = 'all' and valuation = 'as_reported'"
      ) == ["60000000"])
  }

  /// Nights carry the sums on when a coupon comes, changes and goes; each is compared with a whole reading.
  @Test func aCouponThatChangesFromNightToNightCountsAsIfAllWereReadAnew() throws {
    let project = try TemporaryProject()
    let charges = (1...40).map { "\($0),c\($0 % 9),s\($0 % 13),2024-01-01,\(10 + $0)" }.joined(
      separator: "\n")
    try project.write("exports/periods.csv", "id,customer,subscription,start,amount\n" + charges + "\n")
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source.replacingOccurrences(
        of: "    end: {column: end, bound: exclusive}\n", with: "    subscription: subscription\n"))
    func source(_ entity: String, _ fields: String) throws {
      try project.write(
        "Config/sources/\(entity).yml",
        """
        system: billing
        files: exports/\(entity)_*.csv
        data_through: {file_name: "\(entity)_YYYY-MM-DD.csv"}
        entities:
          \(entity):
            id: id
            discount_percent: percent
            discount_amount: amount
        \(fields)
        """)
    }
    try source("customer", "")
    try source("subscription", "    customer: customer")
    var told: [String] = []
    for night in 1...5 {
      func coupon(_ number: Int) -> String {
        [",", "10,", ",5", "25,1"][(number * night) % 7 < 4 ? (number + night) % 4 : 0]
      }
      let day = "2024-02-1\(night)"
      try project.write(
        "exports/customer_\(day).csv",
        "id,percent,amount\n" + (0..<9).map { "c\($0),\(coupon($0))\n" }.joined())
      try project.write(
        "exports/subscription_\(day).csv",
        "id,customer,percent,amount\n"
          + (0..<13).map { "s\($0),c\($0 % 9),\(coupon($0 + 5))\n" }.joined())
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      let query =
        "select month, customer_id, mrr from customer_mrr union all select period, segment, value from metric_period where metric in ('mrr', 'mrr_expansion', 'mrr_contraction') order by 1, 2, 3"
      let carried = try project.query(query)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31", "--full-refresh").status == 0)
      #expect(try project.query(query) == carried, "night \(night)")
      told.append(carried.joined())
    }
    #expect(Set(told).count == 5)
  }

  // MARK: Chargebee

  private func chargebee(_ id: String, _ more: [String: Any] = [:]) -> [String: Any] {
    let subscription: [String: Any] = [
      "id": id, "customer_id": "c-\(id)", "status": "active", "started_at": 1_704_067_200,
      "currency_code": "USD",
      "billing_period": 1, "billing_period_unit": "month",
      "subscription_items": [["item_price_id": "gold", "item_type": "plan", "amount": 4900, "quantity": 1]],
    ]
    return ["subscription": subscription.merging(more) { $1 }]
  }

  private func discount(
    _ duration: String, percent: Double? = 12.5, amount: Int? = nil, on item: String? = nil
  )
    -> [String: Any]
  {
    var discount: [String: Any] = [
      "id": "d-\(duration)", "type": amount == nil ? "percentage" : "fixed_amount", "duration_type": duration,
      "apply_on": item == nil ? "invoice_amount" : "specific_item_price", "apply_till": 1_735_689_600,
    ]
    discount["percentage"] = amount == nil ? percent : nil
    discount["amount"] = amount
    discount["item_price_id"] = item
    return discount
  }

  @Test func ofChargebeeOnePercentageOfTheInvoiceIsCountedAndACouponIsTold() throws {
    let (project, told) = try run(
      "chargebee_api_subscriptions",
      [
        chargebee("a"), chargebee("b", ["discounts": [discount("limited_period")]]),
        chargebee("c", ["coupons": [["coupon_id": "SUMMER", "applied_count": 1]]]),
        chargebee(
          "d", ["discounts": [discount("forever"), discount("forever")]]),
        chargebee("e", ["discounts": [discount("forever", amount: 500)]]),
        chargebee("f", ["discounts": [discount("forever", on: "gold")]]),
        chargebee("g", ["coupons": [], "discounts": []]),
      ])
    #expect(
      try project.query(Self.charges) == [
        "a/gold,49000000,,,", "b/gold,49000000,12500000,,repeating", "g/gold,49000000,,,",
      ])
    #expect(told.contains("The subscription has a coupon, several discounts"), "\(told)")
    #expect(
      try project.query(
        "select distinct natural_id from quarantined_row where entity = 'recurring_charge' order by 1")
        == ["c/gold", "d/gold", "e/gold", "f/gold"])
  }

  // MARK: Recurly

  @Test(arguments: ["recurly_api_subscriptions", "recurly_api_subscription_add_ons"])
  func aRecurlySubscriptionWithACouponIsTold(preset: String) throws {
    func document(_ id: String, _ states: String...) -> [String: Any] {
      [
        "id": id, "account": ["id": "c-\(id)"], "state": "active", "activated_at": "2024-01-01T00:00:00Z",
        "expires_at": NSNull(), "plan": ["id": "gold"], "unit_amount": 49.0, "quantity": 1, "currency": "USD",
        "coupon_redemptions": states.map { ["id": "r", "state": $0] },
        "add_ons": [
          ["id": id, "unit_amount": 49.0, "quantity": 1, "add_on": ["name": "x", "add_on_type": "fixed"]]
        ],
      ]
    }
    let (project, told) = try run(
      preset,
      [
        document("a"), document("b", "active"), document("c", "inactive"),
        document("d", "inactive", "active"),
      ])
    #expect(try project.query(Self.charges).map { $0.split(separator: ",")[0] } == ["a", "c"])
    #expect(told.contains("The subscription has a coupon."), "\(told)")
  }
}
