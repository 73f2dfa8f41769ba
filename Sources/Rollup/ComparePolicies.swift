import Model

/// Rolls one book up under two policies and all policies between them, each with one key more changed.
///
/// The figure is that of reports' headlines, retention at constant rates; of metrics that customers have parts of it is as reported.
///
/// - Parameters:
///   - month: A published month of both.
///   - metric: An id of the catalogue.
/// - Returns: the comparison, or the findings of severity error of the roll-ups under which there are no figures, each with the key
///   that was changed last.
public func compare(
  _ book: Book, _ settings: RollupSettings, to other: Policy, metric: Metric, month: Month
) -> Result<PolicyComparison, ComparisonRefused> {
  var policy = settings.policy
  var comparison = PolicyComparison(
    metric: metric, month: month, currency: settings.currency, from: policy.title, to: other.title,
    value: .null(""))
  func measured(_ policy: Policy, _ key: PolicyKey?) throws(ComparisonRefused) -> Measure {
    var settings = settings
    settings.policy = policy
    let result = rollUp(book, settings)
    let errors = result.findings.filter { $0.severity == .error }
    guard errors.isEmpty else { throw ComparisonRefused(key: key, findings: errors) }
    return Measure(result, metric, month)
  }
  do throws(ComparisonRefused) {
    let first = try measured(policy, nil)
    (comparison.value, comparison.valuation) = (first.value, first.valuation)
    var measures = [first]
    for key in policy.keys(differingFrom: other) {
      let next = policy.answering(key, as: other)
      let measure = try measured(next, key)
      comparison.steps.append(
        PolicyComparison.Step(
          key: key, from: policy.text(of: key), to: next.text(of: key), sentence: next.sentence(of: key),
          value: measure.value))
      measures.append(measure)
      policy = next
    }
    comparison.customers = customers(book, measures, comparison.steps.map(\.key))
    return .success(comparison)
  } catch {
    return .failure(error)
  }
}

/// Why there is no figure under one of the policies.
public struct ComparisonRefused: Error {
  /// The key changed last; nil where already the first policy has no figures.
  public var key: PolicyKey?
  public var findings: [Finding]
}

/// A figure, and by customer what it is a sum of.
private struct Measure {
  var value: MetricValue
  var valuation: Valuation
  /// Micro-units by customer id; nil where the metric is no sum over customers.
  var parts: [Int64: Int64]?

  init(_ result: RollupResult, _ metric: Metric, _ month: Month) {
    let figures = result.figures.filter {
      $0.metric == metric.id && $0.segment == .all && $0.period.grain == .month && $0.period.last == month
    }
    let figure = metric.headlineValuations.lazy.compactMap { valuation in
      figures.first { $0.valuation == valuation }
    }.first
    valuation = figure?.valuation ?? metric.headlineValuations[0]
    value = figure?.value ?? .null("nothing is in force under this policy")
    parts = Self.parts(result, metric.id, month)
  }

  private static func parts(_ result: RollupResult, _ metric: String, _ month: Month) -> [Int64: Int64]? {
    switch metric {
    case "mrr", "mrr_ending": return levels(result, month)
    case "arr": return levels(result, month).mapValues { 12 * $0 }
    case "mrr_new": return movements(result, month, [.new])
    case "mrr_reactivation": return movements(result, month, [.reactivation])
    case "mrr_expansion": return movements(result, month, [.expansion])
    case "mrr_contraction": return movements(result, month, [.contraction]).mapValues { -$0 }
    case "mrr_churn": return movements(result, month, [.churn]).mapValues { -$0 }
    case "mrr_fx": return movements(result, month, [.fx])
    case "mrr_net_new": return movements(result, month, Set(Movement.allCases).subtracting([.fx]))
    default: return nil
    }
  }

  private static func levels(_ result: RollupResult, _ month: Month) -> [Int64: Int64] {
    var levels: [Int64: Int64] = [:]
    for row in result.customerMRR where row.first <= month && month <= row.last {
      levels[row.customer, default: 0] += row.mrr
    }
    return levels
  }

  private static func movements(
    _ result: RollupResult, _ month: Month, _ kinds: Set<Movement>
  ) -> [Int64: Int64] {
    var sums: [Int64: Int64] = [:]
    for row in result.movements where row.month == month && kinds.contains(row.movement) {
      sums[row.customer, default: 0] += row.amount
    }
    return sums
  }
}

private func customers(
  _ book: Book, _ measures: [Measure], _ keys: [PolicyKey]
) -> [PolicyComparison.Customer]? {
  let parts = measures.compactMap(\.parts)
  guard parts.count == measures.count, let first = parts.first, let last = parts.last else { return nil }
  var names: [Int64: String] = [:]
  for customer in book.customers { names[customer.id] = customer.name }
  var changed: Set<Int64> = []
  for (before, after) in zip(parts, parts.dropFirst()) {
    for (customer, amount) in before where after[customer] ?? 0 != amount { changed.insert(customer) }
    for (customer, amount) in after where before[customer] ?? 0 != amount { changed.insert(customer) }
  }
  let customers = changed.map { id in
    PolicyComparison.Customer(
      id: id, name: names[id] ?? "", from: first[id] ?? 0, to: last[id] ?? 0,
      parts: zip(keys, zip(parts, parts.dropFirst())).compactMap { key, sums in
        let amount = (sums.1[id] ?? 0) - (sums.0[id] ?? 0)
        return amount == 0 ? nil : PolicyComparison.Customer.Part(key: key, amount: amount)
      })
  }
  return customers.sorted {
    let (left, right) = (($0.to - $0.from).magnitude, ($1.to - $1.from).magnitude)
    return left == right ? $0.id < $1.id : left > right
  }
}
