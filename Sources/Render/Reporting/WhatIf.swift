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

  /// MRR in twelve months, micro-units; nil where it leaves what can be counted.
  var mrrThen: Int128? {
    ahead(from: Int128(mrr), new: new).flatMap { Int64(exactly: $0 * 12) == nil ? nil : $0 }
  }

  /// What is left then of a unit of MRR of today, in units of `10^-12`.
  var retention: Int128? { ahead(from: powerOfTen(12), new: 0) }

  /// Twelve months on, each rounded once.
  private func ahead(from start: Int128, new: Int128) -> Int128? {
    var amount = start
    for _ in 0..<Self.horizon {
      let change = amount.multipliedReportingOverflow(by: expansion - churn)
      guard !change.overflow else { return nil }
      amount += roundedQuotient(change.partialValue, powerOfTen(12)) + new
      // Far enough below the bounds for whatever is reckoned with it.
      guard amount.magnitude < UInt128(powerOfTen(32)) else { return nil }
    }
    return amount
  }

  var sentence: String {
    func percent(_ rate: Int128) -> String { decimalText(rate * 100, scale: 12, digits: 2) + " %" }
    func money(_ micros: Int128) -> String { toldMoneyText(micros, currency) }
    return
      "At the pace of the last six months (\(percent(churn)) of MRR lost and \(percent(expansion)) gained each month,"
      + " \(money(new)) new) MRR is \(money(mrrThen ?? 0)) in twelve months, ARR \(money((mrrThen ?? 0) * 12)), and NDR"
      + " \(decimalText((retention ?? 0) * 100, scale: 12, digits: 1)) %."
  }

  /// Controls that a script wakes; without it the sentence stands alone.
  var html: String {
    // As a script reads numbers, whatever the report's style; each slider reaches beyond where it stands.
    let rates = [
      ("churn", "MRR lost a month, %", churn), ("expansion", "MRR gained of customers a month, %", expansion),
    ]
    let percents = rates.map { name, title, rate in
      Self.slider(
        name, title, exactDecimalText(rate * 100, scale: 12), most: max(15, ceiling(rate * 200, 12)))
    }
    let news = Self.slider(
      "new", "New MRR a month, \(currency.code)", exactDecimalText(new, scale: 6),
      most: max(1, ceiling(max(new * 3, Int128(mrr) / 10), 6)))
    return """
      <form class="what-if" hidden="" data-mrr="\(exactDecimalText(Int128(mrr), scale: 6))" data-currency="\(currency.code)" data-digits="0"\(WrittenStyle.current.hasCurrencyBehind ? " data-behind=\"\"" : "")>
      <fieldset>
      <legend>What if</legend>
      \(percents.joined())\(news)</fieldset>
      <dl aria-live="polite"><dt>MRR in twelve months</dt><dd data-is="mrr"></dd><dt>ARR</dt><dd data-is="arr"></dd><dt>NDR</dt><dd data-is="ndr"></dd></dl>
      </form>
      <p>\(HTMLWriter.escaped(sentence))</p>
      """
  }

  private func ceiling(_ number: Int128, _ scale: Int) -> Int128 {
    (number + powerOfTen(scale) - 1) / powerOfTen(scale)
  }

  private static func slider(_ name: String, _ title: String, _ value: String, most: Int128) -> String {
    "<label>\(title) <span></span><input type=\"range\" name=\"\(name)\" min=\"0\" max=\"\(most)\" step=\"any\" value=\"\(value)\"></label>\n"
  }
}

extension WhatIf {
  /// nil where one of the months has no opening to lose from, or the year leads beyond what can be counted.
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
    guard mrrThen != nil, retention != nil else { return nil }
  }
}
