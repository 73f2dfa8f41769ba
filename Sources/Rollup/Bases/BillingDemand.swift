import Model

extension Policy {
  /// Whether invoice lines are MRR, all recurring ones or those of usage.
  var countsInvoiceLines: Bool { basis == .invoices || metered == .includeInvoiced }
}

/// The entities that revenue, receivables and payments are told by, under any policy.
public let revenueEntities = RevenueTable.entities

/// The entities of ``Book/Billing`` that figures are made of under a policy; the others need not be read.
public func billingEntities(of policy: Policy) -> Set<EntityKind> {
  var entities: Set<EntityKind> = []
  if policy.countsInvoiceLines { entities.formUnion([.invoice, .invoiceLine, .creditNote]) }
  if policy.basis == .invoices, policy.refunds == .subtract { entities.formUnion([.payment, .refund]) }
  if policy.basis == .contracts { entities.insert(.contract) }
  return entities
}

/// The entities whose sources decide how far MRR reaches.
public func decidingEntities(of policy: Policy) -> Set<EntityKind> {
  var entities: Set<EntityKind> =
    switch policy.basis {
    case .subscriptions: [.recurringCharge, .subscription]
    case .invoices: [.invoiceLine, .invoice]
    case .contracts: [.contract]
    }
  if policy.metered == .includeInvoiced { entities.insert(.invoiceLine) }
  return entities
}

/// Answers of a policy that nothing can tell, or that contradict each other.
public func policyFindings(_ policy: Policy) -> [Finding] {
  var findings = contradictions(policy)
  if policy.refunds == .subtract, policy.basis != .invoices {
    findings.append(
      Finding(
        .error, "policy-not-fed",
        "the policy answers `refunds: subtract` with `basis: \(policy.basis.rawValue)`: nothing says which price a refund takes back",
        consequence: "nothing is published",
        remedy: "answer `refunds: ignore`, or take the invoices with `basis: invoices`"))
  }
  return findings
}

/// A status that counts by `statuses` and does not by the key that asks about it alone.
private func contradictions(_ policy: Policy) -> [Finding] {
  let asked: [(status: Policy.Status, key: PolicyKey, counts: Bool, answer: String)] = [
    (.unpaid, .unpaid, policy.unpaid == .keep, "keep"),
    (.trialing, .trials, policy.trials == .includePriced, "include_priced"),
    (.paused, .paused, policy.paused == .keep, "keep"),
  ]
  return asked.filter { policy.statuses.contains($0.status) && !$0.counts }.map { status, key, _, answer in
    Finding(
      .error, "policy-contradiction",
      "the policy answers `\(key.rawValue): \(policy.text(of: key))`, and `statuses` has \(status.rawValue)",
      consequence: "nothing is published",
      remedy: "answer `\(key.rawValue): \(answer)`, or take \(status.rawValue) out of `statuses`")
  }
}

/// Answers of a policy that need a source which feeds what they are made of.
///
/// - Parameter fed: What the project's sources feed, all together.
public func policyFindings(_ policy: Policy, fed: Set<EntityKind>) -> [Finding] {
  var findings = policyFindings(policy)
  func need(_ entity: EntityKind, for answer: String) {
    guard !fed.contains(entity) else { return }
    findings.append(
      Finding(
        .error, "policy-not-fed",
        "the policy answers `\(answer)`, and no source feeds \(entity.rawValue)",
        consequence: "nothing is published",
        remedy: "add a source that feeds \(entity.rawValue), or override the key in Config/policy.yml"))
  }
  switch policy.basis {
  case .subscriptions: break
  case .invoices: need(.invoiceLine, for: "basis: invoices")
  case .contracts: need(.contract, for: "basis: contracts")
  }
  if policy.metered == .includeInvoiced, policy.basis != .invoices {
    need(.invoiceLine, for: "metered: include_invoiced")
  }
  return findings
}

extension Book {
  /// Contracts that say no currency are in the reporting one.
  func withContracts(in currency: Currency) -> Book {
    guard billing.contracts.contains(where: { $0.row > 0 && $0.currency < 0 }) else { return self }
    var book = self
    if !book.currencies.contains(currency) { book.currencies.append(currency) }
    let index = Int32(book.currencies.firstIndex(of: currency) ?? 0)
    for place in book.billing.contracts.indices where book.billing.contracts[place].currency < 0 {
      book.billing.contracts[place].currency = index
    }
    return book
  }
}
