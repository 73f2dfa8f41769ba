import Model

/// Whose facts a book is made of.
public struct BookRequest: Sendable {
  /// All configured sources by name, read in this run or not. Facts of others stay in the warehouse and are left out.
  public var sources: [String]
  /// Whose customer attributes win where linked accounts differ; the others follow by name.
  public var attributeSources: [String]
  public var zone: ReportingZone
  /// The entities of ``Book/Billing`` that are wanted; others are not read.
  public var billing: Set<EntityKind>
  /// Further ones of which figures beside MRR are made: they are read where a source feeds them.
  public var documents: Set<EntityKind>
  /// Whether accounts count with their parents: then parents in a circle are told.
  public var joinsParents: Bool

  public init(
    sources: [String], attributeSources: [String] = [], zone: ReportingZone = .utc,
    billing: Set<EntityKind> = [], documents: Set<EntityKind> = [], joinsParents: Bool = false
  ) {
    self.joinsParents = joinsParents
    self.documents = documents
    self.sources = sources
    self.attributeSources = attributeSources
    self.zone = zone
    self.billing = billing
  }
}

/// Puts plain dates and instants in one order, by the day they are of in the reporting time zone.
struct MomentOrder {
  var zone: ReportingZone

  @inline(__always) func precedes(_ left: Moment, _ right: Moment) -> Bool {
    let (first, second) = (zone.day(of: left), zone.day(of: right))
    guard first == second else { return first < second }
    // A plain date stands before every instant of its day, wherever the zone's midnight lies in UTC.
    guard left.isInstant, right.isInstant else { return !left.isInstant && right.isInstant }
    return left.packed < right.packed
  }

  @inline(__always) func earlier(_ left: Moment?, _ right: Moment?) -> Moment? {
    guard let left else { return right }
    guard let right else { return left }
    return precedes(right, left) ? right : left
  }

  @inline(__always) func later(_ left: Moment?, _ right: Moment?) -> Moment? {
    guard let left else { return right }
    guard let right else { return left }
    return precedes(left, right) ? right : left
  }
}
