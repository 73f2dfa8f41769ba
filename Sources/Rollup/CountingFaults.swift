import Model

/// How many amounts were below 0 and count as 0, and what else tells too little to be counted.
struct CountingFaults: Hashable {
  var negativeCharges: Int64 = 0
  var excessDiscounts: Int64 = 0
  var trialsWithoutStart: Int64 = 0
  var discounts = DiscountFaults()
  var billing = BillingFaults()

  var findings: [Finding] {
    var findings = billing.findings
    if negativeCharges > 0 {
      findings.append(
        Finding(
          .warning, "negative-charge", "\(negativeCharges) recurring charges are below 0",
          consequence: "they count as 0: a credit is not recurring revenue",
          remedy: "map credits to another kind, or a lowered price as the price itself"))
    }
    if excessDiscounts > 0 {
      findings.append(
        Finding(
          .warning, "discount-exceeds-charge",
          "\(excessDiscounts) charges have a discount larger than their amount",
          consequence: "they count as 0, the excess is ignored", remedy: "check the discounts in the export"))
    }
    if trialsWithoutStart > 0 {
      findings.append(
        Finding(
          .warning, "trial-without-start",
          "\(trialsWithoutStart) subscriptions have a trial's end and no start",
          consequence: "their trials count as started in no month", remedy: "map `started` of subscription"))
    }
    return findings + discounts.findings
  }
}
