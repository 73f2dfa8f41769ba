import Model

/// The pace of the last six months, and where it leads in twelve: what a reader can turn the screws of.
struct WhatIf {
  static let window = 6
  static let horizon = 12

  var currency: Currency
  /// MRR now, micro-units.
  var mrr: Int64
  /// What a month loses and gains of its opening, mean of the window, in units of `10^-12`.
  var churn: Int128
  var expansion: Int128
  /// Micro-units a month, mean of the window.
  var new: Int128

  /// nil where one of the months has no opening to lose from.
  init?(_ index: FigureIndex) {
    let data = index.data
    guard let row = index.row(data.month) else { return nil }
    var lost: Int128 = 0
    var gained: Int128 = 0
    var won: Int128 = 0
    for back in 0..<Self.window {
      guard let amounts = index.row(data.month - back)?.amounts, amounts.starting > 0 else { return nil }
      let starting = Int128(amounts.starting)
      lost += roundedQuotient(
        -(Int128(amounts.churn) + Int128(amounts.contraction)) * powerOfTen(12), starting)
      gained += roundedQuotient(
        (Int128(amounts.expansion) + Int128(amounts.reactivation)) * powerOfTen(12), starting)
      won += Int128(amounts.new)
    }
    currency = data.currency
    mrr = row.amounts.ending
    churn = roundedQuotient(lost, Int128(Self.window))
    expansion = roundedQuotient(gained, Int128(Self.window))
    new = roundedQuotient(won, Int128(Self.window))
  }

  /// MRR in twelve months, micro-units, each month rounded once.
  var mrrThen: Int128 {
    (0..<Self.horizon).reduce(Int128(mrr)) { mrr, _ in
      mrr + roundedQuotient(mrr * (expansion - churn), powerOfTen(12)) + new
    }
  }

  /// What is left then of a unit of MRR of today, in units of `10^-12`.
  var retention: Int128 {
    (0..<Self.horizon).reduce(powerOfTen(12)) { share, _ in
      share + roundedQuotient(share * (expansion - churn), powerOfTen(12))
    }
  }

  var sentence: String {
    func percent(_ rate: Int128) -> String { decimalText(rate * 100, scale: 12, digits: 2) + " %" }
    func money(_ micros: Int128) -> String { codedMoneyText(Int64(clamping: micros), currency) }
    return
      "At the pace of the last six months (\(percent(churn)) of MRR lost and \(percent(expansion)) gained each month,"
      + " \(money(new)) new) MRR is \(money(mrrThen)) in twelve months, ARR \(money(mrrThen * 12)), and NDR"
      + " \(decimalText(retention * 100, scale: 12, digits: 1)) %."
  }

  /// Controls that a script wakes; without it the sentence stands alone.
  var html: String {
    func rate(_ rate: Int128) -> String { decimalText(rate * 100, scale: 12, digits: 4) }
    let whole = exactDecimalText(roundedQuotient(new, powerOfTen(6)), scale: 0)
    func slider(_ name: String, _ title: String, _ value: String, _ most: String, _ step: String) -> String {
      "<label>\(title) <output>\(value)</output><input type=\"range\" name=\"\(name)\" min=\"0\" max=\"\(most)\" step=\"\(step)\" value=\"\(value)\"></label>\n"
    }
    let most = roundedQuotient(max(new, powerOfTen(6)) * 3, powerOfTen(6))
    return """
      <form class="what-if" hidden="" data-mrr="\(exactDecimalText(Int128(mrr), scale: 6))" data-currency="\(currency.code)">
      <fieldset>
      <legend>What if</legend>
      \(slider("churn", "MRR lost a month, %", rate(churn), "15", "0.0001"))\(slider("expansion", "MRR gained of customers a month, %", rate(expansion), "15", "0.0001"))\(slider("new", "New MRR a month, \(currency.code)", whole, "\(most)", "1"))</fieldset>
      <dl aria-live="polite"><dt>MRR in twelve months</dt><dd data-is="mrr"></dd><dt>ARR</dt><dd data-is="arr"></dd><dt>NDR</dt><dd data-is="ndr"></dd></dl>
      </form>
      <p>\(HTMLWriter.escaped(sentence))</p>
      """
  }
}
