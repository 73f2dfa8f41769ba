/// A month's MRR beside what its customers were invoiced for the time at its end, step by step. Micro-units of the reporting currency.
public struct InvoicedMonth: Sendable, Hashable {
  /// What leads from the recurring lines invoiced in the month to what was invoiced a month at its end.
  public enum Step: Int, Sendable, CaseIterable {
    /// Recurring lines of invoices of the month, less discounts.
    case issued
    /// Of them those for a time that does not reach over the month's end: negative.
    case otherTime
    /// Of them what prorated lines have, which are for part of a term: negative.
    case prorated
    /// What terms longer than a month have for other months: negative.
    case longerTerms
    /// What terms shorter than a month lack of one.
    case shorterTerms
    /// A month's worth of lines invoiced in other months for a time that reaches over the month's end.
    case earlier
  }

  /// Why a customer's MRR is not what was invoiced. Every customer that differs has one; a discount, a second for what is left.
  public enum Reason: Int, Sendable, CaseIterable {
    /// Invoices of earlier times alone are known.
    case notYetInvoiced
    case neverInvoiced
    /// Invoiced for the time, without MRR.
    case withoutMRR
    /// Credit notes take back what was invoiced.
    case credited
    /// Invoices give discounts that MRR does not take off.
    case discounted
    /// Changed within a term, which prorated lines settle.
    case changed
    /// A charge began or ended after the invoiced term did: the next invoice has it.
    case changedSince
    /// Usage that counts as MRR.
    case usage
    /// Less than a minor unit a line.
    case rounding
    /// Another price, quantity, discount or exchange rate.
    case other
  }

  public struct Difference: Sendable, Hashable {
    public var customer: Int64
    public var mrr: Int64
    /// A month's worth of what was invoiced for the time at the month's end.
    public var invoiced: Int64
    public var reason: Reason
    public init(customer: Int64, mrr: Int64, invoiced: Int64, reason: Reason) {
      self.customer = customer
      self.mrr = mrr
      self.invoiced = invoiced
      self.reason = reason
    }
  }

  public struct Part: Sendable, Hashable {
    public var amount: Int128 = 0
    public var customers = 0
    public init() {}
  }

  /// They add up to ``invoiced``.
  public var steps: [Step: Int128] = [:]
  /// Invoiced a month, at the month's end.
  public var invoiced: Int128 = 0
  /// With ``invoiced`` they add up to ``mrr``.
  public var reasons: [Reason: Part] = [:]
  /// The sum over customers.
  public var mrr: Int128 = 0
  /// Of customers that differ by more than rounding, the largest first.
  public var largest: [Difference] = []
  /// All lines of invoices of the month but taxes, less discounts and credit notes: what billings are.
  public var billed: Int128 = 0
  public init() {}
}

/// Rows of a source that are in force, by what they are rows of.
public struct HeldRows: Sendable, Hashable {
  public var source: String
  public var entity: EntityKind
  /// Records that are behind them: several rows of one entity may come from one record.
  public var records: Int
  public init(source: String, entity: EntityKind, records: Int) {
    self.source = source
    self.entity = entity
    self.records = records
  }
}
