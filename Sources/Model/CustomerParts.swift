/// What of single customers a metric's figure of one month is made of: their parts add up to it.
public enum CustomerParts: Sendable, Hashable {
  /// Their MRR at the month's end; each counts as one where the metric counts customers.
  case closing
  /// Their MRR at the end of the month before.
  case opening
  /// Their movements of these kinds in the month.
  case movements([Movement])
  /// Of those with MRR so many months earlier: what they have now, against what they had then.
  case window(Int)
  /// Likewise, with at most what they had then.
  case keptOfWindow(Int)

  /// Whether a figure is a share of what a window started with.
  public var isWindow: Bool {
    switch self {
    case .closing, .opening, .movements: false
    case .window, .keptOfWindow: true
    }
  }
}
