/// What a customer is called in the system it comes from. Unlike the warehouse's own number of it, which depends on what was read first,
/// it is the same however the facts were read.
public struct CustomerKey: Sendable, Hashable, Comparable {
  public var system: String
  public var id: String
  public init(system: String, id: String) {
    self.system = system
    self.id = id
  }

  /// The id's first eight bytes as a number: where those of two ids differ, the ids are in the same order. Shorter ones are as before zeros.
  var beginning: UInt64 {
    var number: UInt64 = 0
    var count = 0
    for byte in id.utf8.prefix(8) {
      number = number << 8 | UInt64(byte)
      count += 1
    }
    return count == 0 ? 0 : number << (8 * UInt64(8 - count))
  }

  /// Byte by byte, as ids are told apart: by characters two ids can be the same.
  public static func < (left: Self, right: Self) -> Bool {
    left.system == right.system
      ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
      : left.system.utf8.lexicographicallyPrecedes(right.system.utf8)
  }
}

extension [Int64: CustomerKey] {
  /// An order of customers that does not depend on their numbers, where their keys are known.
  public func precedes(_ left: Int64, _ right: Int64) -> Bool {
    guard let first = self[left], let second = self[right] else {
      return self[left] == nil && (self[right] != nil || left < right)
    }
    return first < second || !(second < first) && left < right
  }
}

/// A customer's MRR at a month's end, in micro-units of the reporting currency.
public struct CustomerLevel: Sendable, Hashable {
  public var customer: Int64
  public var mrr: Int64
  public init(customer: Int64, mrr: Int64) {
    self.customer = customer
    self.mrr = mrr
  }
}

/// A customer that may leave, and what says so.
public struct CustomerAtRisk: Sendable, Hashable {
  public enum Sign: Int, Sendable, CaseIterable, Comparable {
    case invoicePastDue, paymentPastDue, unpaid, cancelRequested, endKnown
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  public var customer: Int64
  public var mrr: Int64
  /// Ascending, each once.
  public var signs: [Sign]
  /// The first day something of it ends, where that is known.
  public var end: Day?
  public init(customer: Int64, mrr: Int64, signs: [Sign], end: Day? = nil) {
    self.customer = customer
    self.mrr = mrr
    self.signs = signs
    self.end = end
  }
}

/// How many rows of a source are in quarantine under one name.
public struct QuarantineCount: Sendable, Hashable {
  public var source: String
  public var name: String
  public var rows: Int
  public init(source: String, name: String, rows: Int) {
    self.source = source
    self.name = name
    self.rows = rows
  }

  /// Those of one read, the most frequent first.
  public static func counts(of read: SourceRead) -> [QuarantineCount] {
    var seen: Set<[String]> = []
    var counts: [String: Int] = [:]
    for row in read.quarantined + read.standing {
      let place = row.place
      let record = [
        row.name, place.file, place.line.map(String.init) ?? "", place.byte.map { String($0) } ?? "",
        place.pointer ?? "", row.raw,
      ]
      if seen.insert(record).inserted { counts[row.name, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      QuarantineCount(source: read.source.name, name: $0.key, rows: $0.value)
    }
  }
}

/// Something wrong with the facts that figures were made from, as the run that published them told it.
public struct FindingCount: Sendable, Hashable {
  /// `unknown-parent`.
  public var name: String
  public var severity: Finding.Severity
  public var problem: String
  public var consequence: String
  /// Places it was found at.
  public var count: Int
  public init(name: String, severity: Finding.Severity, problem: String, consequence: String, count: Int) {
    self.name = name
    self.severity = severity
    self.problem = problem
    self.consequence = consequence
    self.count = count
  }

  /// Those worth telling, each sentence once; errors first, then by name.
  public static func counts(of findings: [Finding]) -> [FindingCount] {
    var counts: [FindingCount] = []
    var places: [[String]: Int] = [:]
    for finding in findings where finding.severity > .note {
      let key = [finding.name, finding.problem]
      if let place = places[key] {
        counts[place].count += 1
      } else {
        places[key] = counts.count
        counts.append(
          FindingCount(
            name: finding.name, severity: finding.severity, problem: finding.problem,
            consequence: finding.consequence ?? "", count: 1))
      }
    }
    return counts.sorted { ($1.severity, $0.name, $0.problem) < ($0.severity, $1.name, $1.problem) }
  }
}
