/// The values a policy key takes, or a description of them where they are not a closed set.
public enum PolicyValues: Sendable, Hashable {
  case oneOf([String])
  case someOf([String])
  case described(String)
}

extension PolicyKey {
  public var values: PolicyValues { Policy.answer(to: self).allowed }
}

/// How the answer to one question is read, written and put into words.
struct PolicyAnswer {
  var allowed: PolicyValues
  var text: (Policy) -> String
  var sentence: (Policy) -> String
  /// False when the text is not an answer.
  var set: (inout Policy, String) -> Bool
}

extension Policy {
  /// The answer to one question, as `Config/policy.yml` writes it: `52/12`, `active, past_due`, `none`.
  public func text(of key: PolicyKey) -> String { Self.answer(to: key).text(self) }

  /// The answer in words, as reports print it.
  public func sentence(of key: PolicyKey) -> String { Self.answer(to: key).sentence(self) }

  static func answer(to key: PolicyKey) -> PolicyAnswer {
    switch key {
    case .basis: choice(\.basis)
    case .statuses: statusesAnswer
    case .unpaid: choice(\.unpaid)
    case .unpaidDays: count(\.unpaidDays) { "An unpaid subscription churns after \($0) days." }
    case .trials: choice(\.trials)
    case .discountForever: choice(\.discountForever, of: "Discounts without end")
    case .discountRepeating: choice(\.discountRepeating, of: "Discounts for some months")
    case .discountOnce: choice(\.discountOnce, of: "Discounts on one invoice")
    case .fullyDiscounted: choice(\.fullyDiscounted)
    case .metered: choice(\.metered)
    case .weekFactor: factor(\.weekFactor) { "A month has \($0) weeks." }
    case .dayFactor: factor(\.dayFactor) { "A month has \($0) days." }
    case .churnAt: choice(\.churnAt)
    case .paused: choice(\.paused)
    case .refunds: choice(\.refunds)
    case .bridge: choice(\.bridge)
    case .groupingMinutes:
      // The longest month, and the hour by which a change of clocks lengthens it.
      count(\.groupingMinutes, upTo: 44_700) { minutes in
        minutes == 0
          ? "Changes at one instant are one movement (event bridge)."
          : "Changes within \(minutes) minutes are one movement (event bridge)."
      }
    case .sameMonth: choice(\.sameMonth)
    case .graceDays: count(\.graceDays) { "A gap of up to \($0) days between charges is no churn." }
    case .reactivationWindow: reactivationWindowAnswer
    case .customerIs: choice(\.customerIs)
    case .rateDate: choice(\.rateDate)
    case .churnWindow: choice(\.churnWindow)
    case .churnBase: choice(\.churnBase)
    case .ltvChurn: choice(\.ltvChurn)
    case .ltvMargin: choice(\.ltvMargin)
    case .netChurnOffset: choice(\.netChurnOffset)
    case .quickRatioReactivation: choice(\.quickRatioReactivation)
    case .headlineNDR: choice(\.headlineNDR)
    case .cmrrHorizon: count(\.cmrrHorizon) { "Committed MRR looks \($0) months ahead." }
    }
  }

  private static func choice<Choice: PolicyChoice>(
    _ path: WritableKeyPath<Policy, Choice>, of subject: String? = nil
  ) -> PolicyAnswer {
    PolicyAnswer(
      allowed: .oneOf(Choice.allCases.map(\.rawValue)),
      text: { $0[keyPath: path].rawValue },
      sentence: { policy in
        let sentence = policy[keyPath: path].sentence
        return subject.map { "\($0): \(sentence)" } ?? sentence
      },
      set: { policy, text in
        guard let answer = Choice(rawValue: text) else { return false }
        policy[keyPath: path] = answer
        return true
      })
  }

  private static func count(
    _ path: WritableKeyPath<Policy, Int>, upTo most: Int = 9999, _ sentence: @escaping (Int) -> String
  ) -> PolicyAnswer {
    PolicyAnswer(
      allowed: .described("a whole number from 0 to \(most)"),
      text: { String($0[keyPath: path]) },
      sentence: { sentence($0[keyPath: path]) },
      set: { policy, text in
        guard let number = Int(text), (0...most).contains(number) else { return false }
        policy[keyPath: path] = number
        return true
      })
  }

  private static func factor(
    _ path: WritableKeyPath<Policy, ExactRate>, _ sentence: @escaping (String) -> String
  ) -> PolicyAnswer {
    PolicyAnswer(
      allowed: .described("an exact factor such as 52/12 or 4.33"),
      text: { factorText($0[keyPath: path]) },
      sentence: { sentence(factorText($0[keyPath: path])) },
      set: { policy, text in
        guard let rate = readFactor(text) else { return false }
        policy[keyPath: path] = rate
        return true
      })
  }

  private static var statusesAnswer: PolicyAnswer {
    func inOrder(_ policy: Policy) -> [Status] { Status.allCases.filter(policy.statuses.contains) }
    return PolicyAnswer(
      allowed: .someOf(Status.allCases.map(\.rawValue)),
      text: { inOrder($0).map(\.rawValue).joined(separator: ", ") },
      sentence: { inOrder($0).map(\.sentence).joined(separator: " ") },
      set: { policy, text in
        let names = text.split(separator: ",").map { trimmed($0) }
        let statuses = names.compactMap(Status.init(rawValue:))
        guard !names.isEmpty, statuses.count == names.count else { return false }
        policy.statuses = Set(statuses)
        return true
      })
  }

  private static var reactivationWindowAnswer: PolicyAnswer {
    PolicyAnswer(
      allowed: .described("a number of days, or none"),
      text: { $0.reactivationWindow.map(String.init) ?? "none" },
      sentence: { policy in
        guard let days = policy.reactivationWindow else {
          return "A returning customer is always a reactivation."
        }
        return "A customer who returns after more than \(days) days is new."
      },
      set: { policy, text in
        guard text != "none" else {
          policy.reactivationWindow = nil
          return true
        }
        guard let days = Int(text), (1...9999).contains(days) else { return false }
        policy.reactivationWindow = days
        return true
      })
  }
}

/// `52/12`, or an exact decimal.
private func readFactor(_ text: String) -> ExactRate? {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { trimmed($0) }
  switch parts.count {
  case 1: return ExactRate(decimal: text)
  case 2:
    guard let top = Int64(parts[0]), let bottom = Int64(parts[1]), top > 0, bottom > 0 else { return nil }
    return ExactRate(top, bottom)
  default: return nil
  }
}

/// In twelfths where it can be, as the presets are written: 13/3 is `52/12`.
private func factorText(_ factor: ExactRate) -> String {
  guard factor.denominator > 1 else { return String(factor.numerator) }
  let whole = 12 % factor.denominator == 0 ? 12 / factor.denominator : 1
  let twelfths = factor.numerator.multipliedReportingOverflow(by: whole)
  guard whole > 1 || factor.denominator == 12, !twelfths.overflow else {
    return "\(factor.numerator)/\(factor.denominator)"
  }
  return "\(twelfths.partialValue)/12"
}

private func trimmed(_ text: Substring) -> String {
  String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}
