import Model
import Project
import Testing

private let presets = BuiltInFiles.all.keys.filter { $0.hasPrefix("Config/presets/") }.sorted()
  .map { String($0.dropFirst("Config/presets/".count).dropLast(".yml".count)) }

@Test func aKnownExportTakesThreeLines() throws {
  #expect(
    presets == [
      "adjustments",
      "billing_periods",
      "budget",
      "cash_balances",
      "chargebee_api_credit_notes",
      "chargebee_api_customers",
      "chargebee_api_invoices",
      "chargebee_api_item_prices",
      "chargebee_api_payments",
      "chargebee_api_refunds",
      "chargebee_api_subscriptions",
      "expenses",
      "fx_rates",
      "hubspot_api_companies",
      "hubspot_api_deals",
      "recurly_api_accounts",
      "recurly_api_invoices",
      "recurly_api_line_items",
      "recurly_api_payments",
      "recurly_api_plans",
      "recurly_api_refunds",
      "recurly_api_subscription_add_ons",
      "recurly_api_subscriptions",
      "salesforce_accounts",
      "salesforce_api_accounts",
      "salesforce_api_contracts",
      "salesforce_api_opportunities",
      "salesforce_contracts",
      "salesforce_opportunities",
      "stripe_api_charges",
      "stripe_api_credit_notes",
      "stripe_api_customers",
      "stripe_api_invoices",
      "stripe_api_prices",
      "stripe_api_refunds",
      "stripe_api_subscriptions",
      "stripe_charges",
      "stripe_credit_notes",
      "stripe_customers",
      "stripe_invoice_line_items",
      "stripe_invoices",
      "stripe_prices",
      "stripe_refunds",
      "stripe_subscriptions",
      "usage_events",
    ])
  for preset in presets {
    let text = "preset: \(preset)\nfiles: export_YYYY-MM-DD.csv\nsystem: mine\n"
    let loaded = try TemporaryProject.load(["Config/sources/it.yml": text])
    #expect(loaded.findings.map { $0.text() } == [], "\(preset)")
    let source = try #require(loaded.project?.source(named: "it"))
    #expect(source.system == "mine")
    #expect(!source.entities.isEmpty)
  }
}

@Test func stripesTimesAreInstantsAndItsAmountsMinorUnits() throws {
  let text = "preset: stripe_prices\nfiles: p.csv\n"
  let loaded = try TemporaryProject.load(["Config/sources/prices.yml": text])
  let price = try #require(loaded.project?.source(named: "prices")?.entities.first)
  #expect(price.fields["amount"]?.unit == .minor)
  let own = try #require(loadProject(at: repository).project?.source(named: "stripe_subscriptions"))
  #expect(own.entities.map(\.rows) == [.currentState, .currentState])
  #expect(own.entities[0].fields["started"]?.date == .epochSeconds)
  #expect(own.dataThrough == .fileName("subscriptions_YYYY-MM-DD.csv"))
}
