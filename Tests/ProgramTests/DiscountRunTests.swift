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
        "amount_off": amount ?? NSNull() as Any,
      ], "end": NSNull(),
    ]
  }

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
        "i-amount,10000000,,5000000,once", "i-one,10000000,25000000,,forever", "i-plain,10000000,,,",
      ])
    #expect(told.contains("has several discounts, or the item one of its own"), "\(told)")
    #expect(told.contains("[refused-value]"), "\(told)")
    #expect(
      try project.query("select natural_id from quarantined_row where entity = 'recurring_charge' order by 1")
        == ["i-item", "i-packs", "i-two"])
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
