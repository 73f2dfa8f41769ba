import Model

/// What is counted of trials, by the subscriptions' own dates.
enum TrialCount: Int, CaseIterable {
  case started, ended, converted
}

/// Sums of the whole book by month that nights carry on beside those by segment.
struct WholeSums {
  let months: Int
  /// By ``ExpansionClass``, then by month: micro-units as reported.
  var expansion: [Int64]
  /// By ``TrialCount``, then by month, the months before the first published one that published periods have included.
  var trials: [Int64]

  init(_ calendar: ReportingCalendar) {
    months = calendar.count
    expansion = Array(repeating: 0, count: ExpansionClass.allCases.count * months)
    trials = Array(repeating: 0, count: TrialCount.allCases.count * (calendar.lead + months))
  }
}

extension WholeSums: SegmentSums {
  /// Only segment 0, the whole, has any.
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    guard segment == 0 else { return }
    expansion.withIntegers(expansion.indices, body)
    trials.withIntegers(trials.indices, body)
  }
}

extension Book.Subscription {
  /// The latest state that tells of a trial.
  var trial: Book.SubscriptionState? { states.last { $0.trialEnd != nil } }
}

extension CountedBook {
  /// Trials by ``TrialCount``, then by month. One that tells no start counts as ended alone.
  func trials(_ calendar: ReportingCalendar) -> [Int64] {
    let (lead, months) = (calendar.lead, calendar.lead + calendar.count)
    var counts = [Int64](repeating: 0, count: TrialCount.allCases.count * months)
    func add(_ count: TrialCount, _ day: Day) {
      let month = day.month - calendar.first + lead
      guard month >= 0, month < months else { return }
      counts[count.rawValue * months + month] += 1
    }
    let zone = settings.zone
    var ends: [Int32: Day] = [:]
    for (number, subscription) in book.subscriptions.enumerated() {
      guard let trial = subscription.trial, let end = trial.trialEnd.map(zone.day(of:)) else { continue }
      ends[Int32(number)] = end
      if let start = trial.started.map(zone.day(of:)) { add(.started, start) }
      add(.ended, end)
    }
    guard !ends.isEmpty else { return counts }
    var converted: Set<Int32> = []
    for charge in charges {
      guard let end = ends[charge.subscription], charge.start.day <= end,
        charge.end.map({ $0.day > end }) ?? true, converted.insert(charge.subscription).inserted
      else { continue }
      add(.converted, end)
    }
    return counts
  }

  /// Trials that tell no start.
  var trialsWithoutStart: Int64 {
    Int64(book.subscriptions.count { $0.trial.map { $0.started == nil } ?? false })
  }
}
