/// What is wrong with one override, in words for a finding at the place where it is written.
public struct PolicyFault: Sendable, Hashable {
  public enum Subject: Sendable, Hashable { case key, value }

  /// Position in the overrides given.
  public var index: Int
  public var subject: Subject
  /// One sentence without full stop.
  public var problem: String
  public var remedy: String
}

extension Policy {
  /// The policy with some answers changed; of a faulty override the preset's answer stays, and all faults are told.
  ///
  /// Keys and values are those of `Config/policy.yml`; a list of statuses is written `active, past_due`.
  public func applying(overrides: [(key: String, value: String)]) -> (policy: Policy, faults: [PolicyFault]) {
    var changed = self
    var faults: [PolicyFault] = []
    var seen: Set<PolicyKey> = []
    for (index, override) in overrides.enumerated() {
      guard let key = PolicyKey(rawValue: override.key) else {
        faults.append(unknownKey(override.key, at: index))
        continue
      }
      let answer = Self.answer(to: key)
      if !seen.insert(key).inserted {
        faults.append(
          PolicyFault(
            index: index, subject: .key, problem: "policy key `\(key.rawValue)` is given twice",
            remedy: "keep one of the two lines"))
      } else if !answer.set(&changed, override.value) {
        faults.append(unknownValue(override.value, of: key, answer.allowed, at: index))
      } else if answer.text(changed) != answer.text(self), !changed.overrides.contains(key) {
        changed.overrides.append(key)
      }
    }
    changed.overrides = PolicyKey.allCases.filter(changed.overrides.contains)
    return (changed, faults)
  }

  private func unknownKey(_ key: String, at index: Int) -> PolicyFault {
    let keys = PolicyKey.allCases.map(\.rawValue)
    return PolicyFault(
      index: index, subject: .key, problem: "no policy key is named `\(key)`",
      remedy: nearest(to: key, among: keys).map { "did you mean `\($0)`?" }
        ?? "the keys are \(keys.joined(separator: ", "))")
  }

  private func unknownValue(
    _ value: String, of key: PolicyKey, _ allowed: PolicyValues, at index: Int
  ) -> PolicyFault {
    let remedy: String
    switch allowed {
    case .oneOf(let values):
      let list = "write one of \(values.joined(separator: ", "))"
      remedy = nearest(to: value, among: values).map { "did you mean `\($0)`? (\(list))" } ?? list
    case .someOf(let values):
      remedy = "write a list of some of \(values.joined(separator: ", "))"
    case .described(let description):
      remedy = "write \(description)"
    }
    return PolicyFault(
      index: index, subject: .value, problem: "`\(value)` is not a value of policy key `\(key.rawValue)`",
      remedy: remedy)
  }
}
