import Model

/// Thrown where an exact number of a figure leaves the 64 bits it is published in: nothing is published then.
struct TooLargeToPublish: Error {}

/// An exact amount in micro-units, as it is published.
func money(_ amount: Int128) throws(TooLargeToPublish) -> MetricValue { .money(try published(amount)) }

/// A ratio of exact amounts, null with a reason where its denominator is zero or less.
func ratio(_ numerator: Int128, _ denominator: Int128, orElse reason: String) throws(TooLargeToPublish)
  -> MetricValue
{
  guard denominator > 0 else { return .null(reason) }
  return .ratio(numerator: try published(numerator), denominator: try published(denominator))
}

/// Money divided by a count, half-even to a micro-unit.
func moneyRatio(_ numerator: Int128, _ denominator: Int64, orElse reason: String)
  throws(TooLargeToPublish) -> MetricValue
{
  moneyRatio(try published(numerator), denominator, orElse: reason)
}

private func published(_ number: Int128) throws(TooLargeToPublish) -> Int64 {
  guard let number = Int64(exactly: number) else { throw TooLargeToPublish() }
  return number
}

extension Finding {
  /// What cannot be published: `what` names the amount and its time, `others` counts more of the kind.
  static func totalTooLarge(_ what: String, others: Int = 0, remedy: String? = nil) -> Finding {
    Finding(
      .error, "total-too-large",
      "\(what) does not fit 64 bits of micro-units, about 9.2 million million units of money"
        + (others == 0 ? "" : ", and \(others) more of its figures do not"),
      consequence: "nothing is published",
      remedy: remedy
        ?? "check the amounts it is made of for a wrong unit (minor units read as major), or report in a larger currency"
    )
  }

  static func tooLargeCharge(_ row: Int64) -> Finding {
    Finding(
      .error, "amount-too-large", "charge \(row) is larger than the program can count exactly",
      consequence: "nothing is published", remedy: "correct amount, quantity or discount in the export")
  }
}
