import Foundation
import LoopbackServers
import Testing

extension ProgramTests {
  /// Two years of a company on a server that answers as Stripe's API does, read month by month.
  @Suite(.enabled(if: Part.localstripe.isThere, "localstripe is not installed: `make test` does it"))
  struct LocalstripeTests {
    private static func connector(_ url: String) -> String {
      """
      title: localstripe
      base_url: \(url)
      system: stripe
      authentication: {bearer: "${file:secrets/key}"}
      transfer: {retry: {attempts: 6, wait: 5 ms}}
      streams:
        subscriptions:
          title: Subscriptions, canceled ones included
          path: /v1/subscriptions
          parameters: {status: all}
          records: data
          key: id
          page: {style: last_id, parameter: starting_after, more: has_more, size: {parameter: limit, value: 20}}
          count: {field: total_count}
          nested: [items]
          changes:
            path: /v1/events
            parameters: {"created[gte]": "{since}"}
            field: created
            format: epoch_seconds
            remembers: 45 days
            full_every: 80 days
            notices: {key: id, record: data.object.id, path: "/v1/subscriptions/{id}"}
          mapping:
            dates: epoch_seconds
            format: {each: items.data}
            entities:
              subscription:
                id: id
                customer: customer
                status: status
                started: start_date
                ended: {column: ended_at, bound: exclusive}
              recurring_charge:
                rows: current_state
                id: items.data.id
                subscription: id
                customer: customer
                start: start_date
                end: {column: ended_at, bound: exclusive}
                amount: {column: items.data.plan.amount, unit: minor}
                currency: items.data.plan.currency
                quantity: items.data.quantity
                interval_unit: items.data.plan.interval
                interval_count: items.data.plan.interval_count

      """
    }

    @Test func twoYearsReadMonthByMonthHaveTheMRRThatTheCompanyItselfCounts() throws {
      let server = try Localstripe()
      let project = try TemporaryProject()
      try FileManager.default.removeItem(
        at: project.folder.appendingPathComponent("Config/sources/billing.yml"))
      try project.write("secrets/key", "sk_test_of_nobody\n")
      try project.write("Config/connectors/localstripe.yml", Self.connector(server.baseURL))
      try project.write(
        "Config/sources/subscriptions.yml", "connector: localstripe\nstream: subscriptions\n")
      var faults = 0
      for month in 0..<24 {
        try server.live(month: month)
        try server.fail(every: 4)
        let last = Calendar.lastDay(year: 2024 + month / 12, month: month % 12 + 1)
        let outcome = try project.run("run", "nightly", "--as-of", last)
        #expect(outcome.status == 0, "\(last): \(outcome.told)")
        faults += try server.fail(every: 0)
        let expected = try #require(try server.expectedMRR().last)
        #expect(try project.query(Self.mrr).last == expected, "\(last)")
      }
      #expect(try server.subscriptions() >= 150)
      #expect(faults > 50)
      // No month was told otherwise later.
      #expect(try project.query(Self.mrr) == server.expectedMRR())
      #expect(
        try project.query("select extent, count(*) from stream_read group by extent order by extent")
          == ["changes,16", "whole,8"])
      // All at once, by somebody who comes late: the same book as far as one look can tell.
      #expect(try project.run("run", "nightly", "--as-of", "2025-12-31", "--full-refresh").status == 0)
      #expect(try project.query(Self.mrr) == server.expectedMRR())
    }

    @Test func aConnectorIsTriedWithoutTouchingTheWarehouse() throws {
      let server = try Localstripe()
      try server.live(month: 0)
      try server.live(month: 1)
      try server.live(month: 2)
      let project = try TemporaryProject()
      try project.write("secrets/key", "sk_test_of_nobody\n")
      try project.write("Config/connectors/localstripe.yml", Self.connector(server.baseURL))
      let listed = try project.run("connector", "list")
      #expect(
        listed.data.contains(
          "localstripe  localstripe\n  subscriptions  Subscriptions, canceled ones included"))
      #expect(listed.data.contains("stripe  Stripe\n"))
      let good = try project.run("connector", "check", "localstripe")
      #expect(good.status == 0, "\(good.told)")
      for part in [
        "20 records on the first page, more follow", "by the source", "asked for by `created` of notices",
        "recurring_charge: 20 rows", "interval_unit", "days behind this machine's",
      ] {
        #expect(good.data.contains(part), "\(part) in \(good.data)")
      }
      #expect(!project.exists("output/warehouse.sqlite"))

      let wrong = Self.connector(server.baseURL).replacingOccurrences(of: "plan.amount", with: "price.amount")
      try project.write("Config/connectors/localstripe.yml", wrong)
      let unreadable = try project.run("connector", "check", "localstripe", "--stream", "subscriptions")
      #expect(
        unreadable.status == 1 && unreadable.told.contains("items.data.price.amount"), "\(unreadable.told)")

      try project.write("Config/connectors/localstripe.yml", Self.connector(server.baseURL))
      try project.write("secrets/key", "pk_of_somebody_else\n")
      let refused = try project.run("connector", "check", "localstripe")
      #expect(refused.status == 3 && refused.told.contains("401"), "\(refused.told)")
      #expect(!refused.told.contains("pk_of_somebody_else"))

      let unknown = try project.run("connector", "check", "localstrip")
      #expect(unknown.status == 2 && unknown.told.contains("did you mean `localstripe`?"), "\(unknown.told)")
    }

    private static let mrr = """
      select period, ending from mrr_bridge
      where grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by period
      """
  }
}

extension Calendar {
  fileprivate static func lastDay(year: Int, month: Int) -> String {
    let days = [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return String(format: "%d-%02d-%02d", year, month, days)
  }
}
