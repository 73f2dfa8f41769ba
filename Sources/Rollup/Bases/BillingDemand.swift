import Model

/// The entities of ``Book/Billing`` that figures are made of under a policy; the others need not be read.
public func billingEntities(of policy: Policy) -> Set<EntityKind> {
  var entities: Set<EntityKind> = []
  if policy.basis == .invoices || policy.metered == .includeInvoiced {
    entities.formUnion([.invoice, .invoiceLine, .creditNote])
  }
  if policy.basis == .invoices, policy.refunds == .subtract { entities.formUnion([.payment, .refund]) }
  if policy.basis == .contracts { entities.insert(.contract) }
  return entities
}
