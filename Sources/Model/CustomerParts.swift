/// What of single customers a metric's figure of one period is made of: their parts add up to it.
public enum CustomerParts: Sendable, Hashable {
  /// Their MRR at the period's end; each counts as one where the metric counts customers.
  case closing
  /// Their MRR at the end of the month before the period.
  case opening
  /// Their movements of these kinds in its months.
  case movements([Movement])
  /// Of those with MRR so many months before its end: what they have now, against what they had then.
  case window(Int)
  /// Likewise, with at most what they had then.
  case keptOfWindow(Int)
}
