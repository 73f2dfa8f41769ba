/// What invoices are called in their systems: by id, else by number.
struct InvoiceNames {
  private final class Names {
    let ids = IdentityIndex()
    let numbers = IdentityIndex()
    /// Positions of the invoices, by slot.
    var byID: [Int32] = []
    var byNumber: [Int32] = []
    /// How many invoices bear a number, where they are several; by slot.
    var bearers: [Int32: Int64] = [:]
    /// Slots of such numbers that something names its invoice by.
    var ambiguous: Set<Int32> = []
    /// What was looked up last: lines of one invoice mostly stand together.
    var last: (name: [UInt8], invoice: Int32) = ([], -1)

    func numbered(_ name: UnsafeBufferPointer<UInt8>) -> Int32? {
      guard let slot = numbers.slot(of: name) else { return nil }
      if bearers[slot] != nil { ambiguous.insert(slot) }
      return byNumber[Int(slot)]
    }
  }

  private var systems: [Int32: Names] = [:]

  /// The numbers that several invoices bear and something names its invoice by: the invoice that is taken for it, and how many bear it.
  var ambiguous: [(invoice: Int32, bearers: Int64)] {
    systems.values.flatMap { names in
      names.ambiguous.map { (names.byNumber[Int($0)], names.bearers[$0] ?? 1) }
    }
  }

  private mutating func names(of system: Int32) -> Names {
    if let known = systems[system] { return known }
    let names = Names()
    systems[system] = names
    return names
  }

  /// Of several invoices with one id or number the first one added bears it.
  mutating func add(_ invoice: Int32, id: UnsafeBufferPointer<UInt8>, number: String?, system: Int32) {
    let names = names(of: system)
    if Int(names.ids.slot(adding: id)) == names.byID.count { names.byID.append(invoice) }
    guard let number else { return }
    let slot = names.numbers.slot(adding: number)
    if Int(slot) == names.byNumber.count {
      names.byNumber.append(invoice)
    } else {
      names.bearers[slot, default: 1] += 1
    }
  }

  func find(_ name: UnsafeBufferPointer<UInt8>, system: Int32) -> Int32? {
    guard let names = systems[system] else { return nil }
    if let slot = names.ids.slot(of: name) { return names.byID[Int(slot)] }
    return names.numbered(name)
  }

  /// The invoice of that name; where there is none, `next` is from now on.
  mutating func find(_ name: UnsafeBufferPointer<UInt8>, system: Int32, orAdd next: Int32) -> Int32 {
    let names = names(of: system)
    if names.last.invoice >= 0, names.last.name.elementsEqual(name) { return names.last.invoice }
    let slot = Int(names.ids.slot(adding: name))
    if slot == names.byID.count {
      names.byID.append(names.numbered(name) ?? next)
    }
    let invoice = names.byID[slot]
    names.last.name.removeAll(keepingCapacity: true)
    names.last.name.append(contentsOf: name)
    names.last.invoice = invoice
    return invoice
  }

  func find(_ name: String, system: Int32) -> Int32? {
    var name = name
    return name.withUTF8 { find($0, system: system) }
  }
}
