/// What invoices are called in their systems: by id, else by number.
struct InvoiceNames {
  private struct Names {
    let ids = IdentityIndex()
    let numbers = IdentityIndex()
    /// Positions of the invoices, by slot.
    var byID: [Int32] = []
    var byNumber: [Int32] = []
  }

  private var systems: [Int32: Names] = [:]

  /// Of several invoices with one id or number the first one added bears it.
  mutating func add(_ invoice: Int32, id: String, number: String?, system: Int32) {
    var names = systems.removeValue(forKey: system) ?? Names()
    if Int(names.ids.slot(adding: id)) == names.byID.count { names.byID.append(invoice) }
    if let number, Int(names.numbers.slot(adding: number)) == names.byNumber.count {
      names.byNumber.append(invoice)
    }
    systems[system] = names
  }

  func find(_ name: UnsafeBufferPointer<UInt8>, system: Int32) -> Int32? {
    guard let names = systems[system] else { return nil }
    if let slot = names.ids.slot(of: name) { return names.byID[Int(slot)] }
    return names.numbers.slot(of: name).map { names.byNumber[Int($0)] }
  }

  func find(_ name: String, system: Int32) -> Int32? {
    var name = name
    return name.withUTF8 { find($0, system: system) }
  }
}
