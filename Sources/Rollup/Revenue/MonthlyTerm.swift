import Model

extension ExactMonthly {
  /// What an amount paid for a whole term is a month; nil where it does not fit.
  ///
  /// A term of whole months by their number, of whole weeks by the policy's week factor, any other by its day factor.
  init?(_ amount: Int64, paidFor term: Range<Day>, _ policy: Policy) {
    if let months = wholeMonths(term) {
      self.init(Int128(amount), over: Int128(months))
      return
    }
    let days = term.upperBound.number - term.lowerBound.number
    let (factor, parts) = days % 7 == 0 ? (policy.weekFactor, days / 7) : (policy.dayFactor, days)
    self.init(Int128(amount) * Int128(factor.numerator), over: Int128(factor.denominator) * Int128(parts))
  }
}
