import Model

/// All segments of all dimensions in one row of numbers: segment 0 is the whole, each dimension has a run of its own.
struct SegmentTable {
  struct Entry {
    let dimension: Dimension
    /// Number of this dimension's first segment.
    let base: Int
    var labels: [String]
  }

  private(set) var customerDimensions: [Entry] = []
  private(set) var chargeDimensions: [Entry] = []
  private(set) var keys: [SegmentKey] = [.all]
  /// True for segments of charge dimensions, by segment number.
  private(set) var isOfCharges: [Bool] = [false]
  /// Per customer dimension, per customer: the segment number of each of its states (attribute and employees rules).
  private(set) var stateSegments: [[[Int32]]] = []
  /// Per charge dimension: segment number of a plan, product or currency index shifted by one, 0 being "none".
  private(set) var chargeSegments: [[Int32]] = []

  var count: Int { keys.count }

  /// `others` are segments beside those the book has.
  init(_ book: Book, _ dimensions: [Dimension], others: some Sequence<SegmentKey> = []) {
    var labels: [String: Set<String>] = [:]
    for key in others { labels[key.dimension, default: []].insert(key.segment) }
    for dimension in dimensions where !dimension.isOfCharges {
      addCustomerDimension(dimension, book, others: labels[dimension.name] ?? [])
    }
    for dimension in dimensions where dimension.isOfCharges {
      addChargeDimension(dimension, book, others: labels[dimension.name] ?? [])
    }
  }

  private mutating func addCustomerDimension(_ dimension: Dimension, _ book: Book, others: Set<String>) {
    switch dimension.rule {
    case .arr(let bounds):
      _ = add(dimension, labels: Band.labels(arr: bounds).with(others), ofCharges: false)
      stateSegments.append([])
    case .usage(let bounds):
      // Before anybody tells of use, all are in the last one.
      _ = add(
        dimension, labels: (Band.labels(arr: bounds) + [SegmentKey.none]).with(others), ofCharges: false)
      stateSegments.append([])
    case .employees(let bounds):
      let base = add(
        dimension, labels: (Band.labels(employees: bounds) + [SegmentKey.none]).with(others),
        ofCharges: false)
      place(book, dimension, base + bounds.count + 1) { state in
        state.employees.map { base + Band.position(of: $0, in: bounds) }
      }
    case .bands(let name, let bounds):
      let base = add(
        dimension, labels: (Band.labels(arr: bounds) + [SegmentKey.none]).with(others), ofCharges: false)
      place(book, dimension, base + bounds.count + 1) { state in
        Self.value(name, of: state).flatMap(Band.micros).map { base + Band.position(ofARR: $0, in: bounds) }
      }
    case .attribute(let name):
      // A value is looked up in the groups once, however many customers have it.
      var known: [String: String] = [:]
      for customer in book.customers {
        for case let value? in states(of: customer).map({ Self.value(name, of: $0) })
        where known[value] == nil {
          known[value] = dimension.label(of: value)
        }
      }
      let labels = others.union(known.values).union([SegmentKey.none]).sorted()
      let base = add(dimension, labels: labels, ofCharges: false)
      let position = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, base + $0) })
      place(book, dimension, position[SegmentKey.none] ?? base) { state in
        Self.value(name, of: state).flatMap { known[$0] }.flatMap { position[$0] }
      }
    case .plan, .product, .currency: break
    }
  }

  private static func value(_ attribute: String, of state: Book.CustomerState) -> String? {
    attribute == "country" ? state.country : state.attributes[attribute]
  }

  /// Gives each state of each customer its segment, or all of a customer's that of the first state that has one.
  private mutating func place(
    _ book: Book, _ dimension: Dimension, _ missing: Int, _ segment: (Book.CustomerState) -> Int?
  ) {
    stateSegments.append(
      book.customers.map { customer in
        let segments = states(of: customer).map(segment)
        guard dimension.touch == .first else { return segments.map { Int32($0 ?? missing) } }
        return [Int32(segments.compactMap(\.self).first ?? missing)]
      })
  }

  /// A placeholder has one state that says nothing.
  private func states(of customer: Book.Customer) -> [Book.CustomerState] {
    customer.states.isEmpty
      ? [Book.CustomerState(from: nil, country: nil, employees: nil, attributes: [:])] : customer.states
  }

  private mutating func addChargeDimension(_ dimension: Dimension, _ book: Book, others: Set<String>) {
    let names: [String] =
      switch dimension.rule {
      case .plan: book.plans.map(\.name)
      case .product: book.products
      default: book.currencies.map(\.code)
      }
    let segments = names.map(dimension.label)
    let labels = others.union(segments + [SegmentKey.none]).sorted()
    let base = add(dimension, labels: labels, ofCharges: true)
    let position = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32(base + $0)) })
    chargeSegments.append(([SegmentKey.none] + segments).map { position[$0] ?? 0 })
  }

  private mutating func add(_ dimension: Dimension, labels: [String], ofCharges: Bool) -> Int {
    let base = keys.count
    let entry = Entry(dimension: dimension, base: base, labels: labels)
    if ofCharges { chargeDimensions.append(entry) } else { customerDimensions.append(entry) }
    keys += labels.map { SegmentKey(dimension.name, $0) }
    isOfCharges += labels.map { _ in ofCharges }
    return base
  }
}

extension [String] {
  /// Bands of earlier bounds, which closed months have, stand behind those of today: no customer is placed there.
  fileprivate func with(_ others: Set<String>) -> [String] { self + others.subtracting(self).sorted() }
}

/// Size bands: lower bounds inclusive, the first band starting at 0.
enum Band {
  static func position(of value: Int64, in bounds: [Int64]) -> Int { bounds.prefix { $0 <= value }.count }

  /// Likewise for ARR in micro-units, bounds in whole units.
  static func position(ofARR value: Int64, in bounds: [Int64]) -> Int {
    bounds.prefix { Int128($0) * 1_000_000 <= Int128(value) }.count
  }

  /// A number as texts hold it, in millionths, what is finer cut off; nil for what is none.
  static func micros(_ text: String) -> Int64? {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative { digits.removeFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !parts[0].isEmpty,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let whole = Int64(parts[0])
    else { return nil }
    let fraction = parts.count == 2 ? Int64((parts[1] + "000000").prefix(6)) ?? 0 : 0
    let (micros, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
    let (sum, tooLarge) = micros.addingReportingOverflow(fraction)
    return overflow || tooLarge ? nil : isNegative ? -sum : sum
  }

  static func labels(employees bounds: [Int64]) -> [String] {
    let starts = [0] + bounds
    return starts.enumerated().map { position, start in
      position < bounds.count ? "\(start) to \(bounds[position] - 1)" : "\(start) or more"
    }
  }

  static func labels(arr bounds: [Int64]) -> [String] {
    guard let first = bounds.first, let last = bounds.last else { return [SegmentKey.none] }
    return ["<\(first)"] + zip(bounds, bounds.dropFirst()).map { "\($0) to \($1)" } + [">=\(last)"]
  }
}
