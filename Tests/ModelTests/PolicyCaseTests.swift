import Foundation
import Model
import Testing

/// Each value of each key of a policy has a worked case that carries the sentence with which reports print it; the program and the
/// independent calculator are held to the figures elsewhere.
@Suite struct PolicyCaseTests {
  @Test(arguments: PolicyKey.allCases)
  func everyAnswerIsAWorkedCaseThatCarriesItsSentence(key: PolicyKey) throws {
    let answers = try answers(to: key)
    switch key.values {
    case .oneOf(let values), .someOf(let values):
      #expect(answers.map(\.value).sorted() == values.sorted())
    case .described:
      #expect(Set(answers.map(\.value)).count >= 2)
    }
    for answer in answers {
      let policy = Policy.standard.applying(overrides: [(key.rawValue, answer.value)])
      #expect(policy.faults.isEmpty, "\(answer)")
      #expect(policy.policy.sentence(of: key) == answer.sentence)
    }
  }

  private struct Answer { var value, sentence: String }

  /// Of `Tests/Cases/policy-KEY.case`: the lines `== answers {"KEY": VALUE, ...} SENTENCE`.
  private func answers(to key: PolicyKey) throws -> [Answer] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Cases/policy-\(key.rawValue).case")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("== answers ") }
      .map { line in
        let end = try #require(line.firstIndex(of: "}"))
        let object = try #require(
          JSONSerialization.jsonObject(with: Data(line[...end].dropFirst(11).utf8)) as? [String: Any])
        let value = try #require(object[key.rawValue])
        return Answer(
          value: (value as? [String])?.joined(separator: ", ") ?? "\(value)",
          sentence: line[line.index(after: end)...].trimmingCharacters(in: .whitespaces))
      }
  }
}
