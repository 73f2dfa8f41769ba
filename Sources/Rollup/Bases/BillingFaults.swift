import Model

/// What invoices and contracts say that cannot be counted as it stands.
struct BillingFaults: Hashable {
  var excessDiscounts: Int64 = 0
  var excessCredits: Int64 = 0
  var unknownCredits: Int64 = 0
  var linesWithoutCustomer: Int64 = 0
  var linesWithoutPeriod: Int64 = 0
  var incompleteContracts: Int64 = 0
  var negativeContracts: Int64 = 0

  /// Every count, in the order of the properties.
  var counts: [Int64] {
    get {
      [
        excessDiscounts, excessCredits, unknownCredits, linesWithoutCustomer, linesWithoutPeriod,
        incompleteContracts, negativeContracts,
      ]
    }
    set {
      guard newValue.count == counts.count else { return }
      (excessDiscounts, excessCredits, unknownCredits) = (newValue[0], newValue[1], newValue[2])
      (linesWithoutCustomer, linesWithoutPeriod) = (newValue[3], newValue[4])
      (incompleteContracts, negativeContracts) = (newValue[5], newValue[6])
    }
  }

  static func += (left: inout Self, right: Self) {
    left.counts = zip(left.counts, right.counts).map { $0 + $1 }
  }

  static func -= (left: inout Self, right: Self) {
    left.counts = zip(left.counts, right.counts).map { $0 - $1 }
  }

  var findings: [Finding] {
    var findings: [Finding] = []
    func warn(_ count: Int64, _ name: String, _ problem: String, _ consequence: String, _ remedy: String) {
      guard count > 0 else { return }
      findings.append(
        Finding(.warning, name, "\(count) \(problem)", consequence: consequence, remedy: remedy))
    }
    warn(
      excessDiscounts, "discount-exceeds-charge",
      "invoices or lines have a discount larger than their amount",
      "they count as 0, the excess is ignored", "check the discounts in the export")
    warn(
      excessCredits, "credit-exceeds-invoice",
      "credit notes, refunds or credit lines give back more than what they are for",
      "what they are for counts nowhere, the excess is ignored",
      "check that each credit note names the invoice it takes from")
    warn(
      unknownCredits, "credit-of-unknown-invoice", "credit notes or refunds are of no invoice that is known",
      "they take nothing off", "complete the export of invoices, or map `invoice`")
    warn(
      linesWithoutCustomer, "line-without-customer",
      "recurring invoice lines have no customer, of their own, by their invoice or by their subscription",
      "they count nowhere", "map `customer` of the lines or of their invoices")
    warn(
      linesWithoutPeriod, "line-without-period", "recurring invoice lines do not say for which time they are",
      "they count nowhere", "map `period_start` and `period_end`, or one-time lines to `kind: one_time`")
    let isOne = incompleteContracts == 1
    warn(
      incompleteContracts, "contract-without-terms",
      "\(isOne ? "contract has" : "contracts have") no customer, amount, start or end",
      "\(isOne ? "it counts" : "they count") nowhere",
      "complete \(isOne ? "it" : "them"), or map drafts to `status: draft`")
    warn(
      negativeContracts, "negative-charge", "contracts are below 0",
      "they count as 0: a credit is not recurring revenue", "correct the contract that they take from")
    return findings
  }
}
