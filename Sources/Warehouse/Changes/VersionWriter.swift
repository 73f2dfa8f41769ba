import Model

/// Where the cells of a new version come from, and what it says about itself.
struct VersionStamp {
  var identity: Int64
  var source: Int64
  /// nil for period rows, whose own columns say when they hold.
  var validFrom: Moment?
  var validTo: Moment?
  var digest: UInt64
  var file: Int64
  var line: Int32
}

/// Writes rows of one entity's version table.
protocol VersionWriter: AnyObject {
  /// Whether the entity has no version at all before what is written here.
  var isFirst: Bool { get }
  /// Adds a row, of which the cells are given, as a version seen from this run on. `parents` are the keys of what it refers to.
  func add(
    _ cells: UnsafePointer<Int64>, arena: UnsafeBufferPointer<UInt8>,
    parents: UnsafeBufferPointer<Int64>, _ stamp: VersionStamp
  ) throws
  /// Ends a version's seen time at this run.
  func end(row: Int64) throws
  /// Repeats an ended version over another stretch of valid time.
  func copy(row: Int64, validFrom: Moment?, validTo: Moment?) throws
  /// To be called when an entity's changes are all written.
  func finish() throws
}
