extension Book {
  /// Plain lines in no order, of which most may stand elsewhere than in memory: lines are millions, and are needed a share at a time.
  public struct PlainLines: Sendable {
    /// Those in memory. No line of a subscription is among them of which a share has any.
    public var held: [PlainLine]
    /// How many shares stand elsewhere; all lines of a subscription are in one.
    public let shareCount: Int
    private let read: @Sendable (Int, inout [PlainLine]) throws -> Void
    private var customers: [Int32]?
    private var currencies: [Int32]?

    public init(_ held: [PlainLine] = []) { self.init(held, shares: 0) { _, _ in } }

    /// - Parameter read: Appends the lines of a share.
    public init(
      _ held: [PlainLine], shares: Int, read: @escaping @Sendable (Int, inout [PlainLine]) throws -> Void
    ) {
      self.held = held
      shareCount = shares
      self.read = read
    }

    /// Says, once, where customers and currencies stand in the book; their old places are indices into what is given.
    public mutating func place(customers: [Int32], currencies: [Int32]) {
      (self.customers, self.currencies) = (customers, currencies)
      place(&held)
    }

    /// Puts a share's lines in place of those of another one: memory is asked for once.
    ///
    /// - Throws: what keeps the share from being read back.
    public func readShare(_ number: Int, into lines: inout [PlainLine]) throws {
      lines.removeAll(keepingCapacity: true)
      try read(number, &lines)
      place(&lines)
    }

    private func place(_ lines: inout [PlainLine]) {
      guard let customers, let currencies else { return }
      for index in lines.indices {
        if lines[index].customer >= 0 { lines[index].customer = customers[Int(lines[index].customer)] }
        lines[index].currency = currencies[Int(lines[index].currency)]
      }
    }
  }
}
