import Model
import Testing

@testable import Rollup

/// Payments, receivables and what they cost: worked by hand.
@Suite struct DelinquencyTests {
  @Test func collectionsAreWhatCameInLessWhatWentBack() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    book.payment("c", -1, "2024-01-05", 100)
    book.payment("c", -1, "2024-01-06", 40, "failed")
    book.payment("c", -1, "2024-01-07", 30, "pending")
    var refund = Book.Refund()
    refund.amount = 25_000_000
    refund.created = Moment(iso: "2024-02-01")
    book.book.billing.refunds = [refund]
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("collections", "2024-01") == 100)
    #expect(result.number("collections", "2024-02") == -25)
    #expect(result.number("failed_payments", "2024-01") == 1)
  }

  @Test func aPaymentIsRecoveredWithinThirtyDaysOfTheFirstFailure() {
    var book = TestBook()
    book.charge("c", 100, "2024-01-01")
    let (soon, late, never) = (
      book.invoice("c", "2024-01-01"), book.invoice("c", "2024-01-01"), book.invoice("c", "2024-01-01")
    )
    for invoice in [soon, late, never] { book.payment("c", invoice, "2024-01-10", 1, "failed") }
    book.payment("c", soon, "2024-02-05", 1, "failed")
    book.payment("c", soon, "2024-02-09", 1)
    book.payment("c", late, "2024-02-10", 1)
    book.payment("c", -1, "2024-01-11", 1, "failed")
    let result = book.rolledUp(through: "2024-02")
    #expect(result.number("failed_payments", "2024-01") == 4)
    #expect(result.number("recovered_payments", "2024-01") == 1)
    #expect(result.number("failed_payments", "2024-02") == 1)
    #expect(result.number("recovered_payments", "2024-02") == 0)
  }

  @Test func receivablesStandByTheirAgeUntilTheyArePaid() {
    var book = TestBook()
    book.charge("late", 100, "2024-01-01")
    book.charge("prompt", 70, "2024-01-01")
    let invoice = book.invoice("late", "2024-01-10", total: 119) { $0.due = Moment(iso: "2024-01-24") }
    book.payment("late", invoice, "2024-03-05", 19)
    book.note(invoice, "2024-04-02", 10) { $0.tax = 1_900_000 }
    book.invoice("prompt", "2024-01-10", total: 50, status: "paid") { $0.paid = Moment(iso: "2024-02-03") }
    book.invoice("prompt", "2024-01-10", total: 999, status: "uncollectible")
    book.invoice("prompt", "2024-01-10", total: 999, status: "void")
    let result = book.rolledUp(through: "2024-05")
    func bands(_ month: String) -> [Double?] {
      ["0_30", "31_60", "61_90", "over_90"].map { result.number("receivables_" + $0, month) }
    }
    #expect(bands("2024-01") == [169, 0, 0, 0])
    // 36 days on 29 February, 67 on 31 March, 97 on 30 April.
    #expect(bands("2024-02") == [0, 119, 0, 0])
    #expect(bands("2024-03") == [0, 0, 100, 0])
    #expect(bands("2024-04") == [0, 0, 0, 88.1])
    // Without a due date an invoice is due when issued.
    #expect(result.number("delinquent_mrr", "2024-01") == 170)
    #expect(result.number("delinquent_mrr", "2024-02") == 100)
  }

  @Test func whoLeavesAfterAFailedPaymentLeavesInvoluntarily() {
    var book = TestBook()
    book.charge("stays", 10, "2024-01-01")
    book.charge("failed", 30, "2024-01-01", "2024-02-20")
    book.charge("recovered", 40, "2024-01-01", "2024-02-20")
    book.charge("long ago", 20, "2024-01-01", "2024-02-20")
    book.charge("paid after", 10, "2024-01-01", "2024-02-20")
    let invoice = book.invoice("recovered", "2024-02-01")
    book.payment("failed", -1, "2024-02-01", 30)
    book.payment("failed", -1, "2024-02-10", 30, "failed")
    book.payment("failed", -1, "2024-02-25", 30)
    book.payment("recovered", invoice, "2024-02-10", 30, "failed")
    book.payment("recovered", invoice, "2024-02-28", 30)
    book.payment("long ago", -1, "2023-12-20", 30, "failed")
    book.payment("paid after", -1, "2024-02-10", 30, "failed")
    book.payment("paid after", -1, "2024-02-15", 30)
    let result = book.rolledUp(through: "2024-02")
    #expect(
      result.value("involuntary_churn_share", "2024-02")
        == .ratio(numerator: 30_000_000, denominator: 100_000_000))
    #expect(result.value("involuntary_churn_share", "2024-01") == .null("no MRR churned"))
  }
}
