import Model
import Testing

@testable import Render

private let index = FigureIndex(SampleCompany.firstMonth.reportData(dimensions: []))

private func compare(_ metric: String, _ now: MetricValue, _ then: MetricValue) -> Comparison {
  var footnotes = Footnotes()
  return Comparison(metric, now: now, then: then, index, &footnotes)
}

@Test func aRiseIsBetterOnlyWhereUpIsGood() {
  let mrr = compare("mrr", .money(112_000_000), .money(100_000_000))
  #expect(mrr.change.text == "+12.00" && mrr.change.detail == "▲ +12.0 % better" && mrr.change.tone == .good)
  let churn = compare(
    "customer_churn_rate", .ratio(numerator: 3, denominator: 100), .ratio(numerator: 2, denominator: 100))
  #expect(
    churn.change.text == "+1.00 pp" && churn.change.detail == "▲ +50.0 % worse" && churn.change.tone == .bad)
  #expect(churn.brief == "▲ +1.00 pp worse")
}

@Test func noChangeIsNeitherGoodNorBad() {
  let same = compare("mrr", .money(5), .money(5))
  #expect(same.change.tone == .neutral && same.brief == "unchanged")
}

@Test func aChangeFromNothingHasNoPercentage() {
  let fresh = compare("mrr_net_new", .money(5_000_000), .money(0))
  #expect(
    fresh.change.text == "+5.00" && fresh.change.detail == "▲ n/a better" && !fresh.change.notes.isEmpty)
  #expect(fresh.brief == "▲ +USD 5 better")
  #expect(compare("mrr_net_new", .money(5), .money(-5)).change.detail == "▲ n/a better")
  #expect(compare("mrr_net_new", .money(-5), .money(5)).change.detail == "▼ n/a worse")
}

@Test func aMissingValueMakesAMissingChangeWithItsReason() {
  var footnotes = Footnotes()
  let change = Comparison("mrr", now: .money(5), then: .null("no data yet"), index, &footnotes)
  #expect(change.earlier.text == "n/a" && change.change.text == "n/a" && change.brief == "n/a")
  #expect(footnotes.texts == ["n/a: no data yet."])
  #expect(change.change.notes == [1])
}
