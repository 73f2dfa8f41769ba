import Model

/// What moved MRR most in the month, in one sentence.
struct Driver {
  var sentence: String

  init(_ index: FigureIndex) {
    let data = index.data
    guard let row = index.row(data.month) else {
      sentence = "There is no MRR bridge of \(data.month.longName)."
      return
    }
    let lines = BridgeLine.movements.map { (line: $0, amount: $0.amount(row.amounts)) }
    let gross = lines.reduce(Int128(0)) { $0 + Int128($1.amount.magnitude) }
    guard gross > 0,
      let largest = lines.first(where: { line in
        lines.allSatisfy { $0.amount.magnitude <= line.amount.magnitude }
      })
    else {
      sentence = "MRR did not move in \(data.month.longName)."
      return
    }
    let share = decimalText(
      roundedQuotient(Int128(largest.amount.magnitude) * powerOfTen(6), gross), scale: 4, digits: 1)
    let amount = codedMoneyText(largest.amount, data.currency, signed: true)
    sentence =
      "\(largest.line.subject) moved MRR most in \(data.month.longName): \(amount), \(share) % of all movement"
      + Self.customers(of: largest.line, data) + "."
  }

  private static func customers(of line: BridgeLine, _ data: ReportData) -> String {
    let movements = CustomerMovement.byCustomer(
      data.movements.filter { $0.month == data.month && $0.movement == line.movement }
    ).sorted(by: CustomerMovement.isLarger)
    let named = movements.prefix(3).map {
      "\(data.name(of: $0.customer)) (\(codedMoneyText($0.amount, data.currency, signed: true)))"
    }
    switch movements.count {
    case 0: return ""
    case 1: return ", all of it from \(listText(named))"
    case 2, 3: return ", from \(listText(named))"
    default:
      return
        ", from \(decimalText(Int128(movements.count), scale: 0, digits: 0)) customers, most of all \(listText(named))"
    }
  }
}

extension CustomerMovement {
  /// Larger amounts first; equal ones by customer and in their order, so that the order is always the same.
  static func isLarger(_ left: CustomerMovement, _ right: CustomerMovement) -> Bool {
    (right.amount.magnitude, left.customer, left.sequence)
      < (left.amount.magnitude, right.customer, right.sequence)
  }

  /// One movement a customer, its amounts summed up: under the event bridge it can have several of a kind in a month.
  static func byCustomer(_ movements: [CustomerMovement]) -> [CustomerMovement] {
    var sums: [CustomerMovement] = []
    var position: [Int64: Int] = [:]
    for movement in movements {
      if let known = position[movement.customer] {
        sums[known].amount += movement.amount
        sums[known].after = movement.after
      } else {
        position[movement.customer] = sums.count
        sums.append(movement)
      }
    }
    return sums
  }
}

extension ReportData {
  /// A customer's name as reports show it, at most 60 characters of it.
  func name(of customer: Int64) -> String {
    let name = plainText(customerNames[customer] ?? "", limit: 60)
    return name.isEmpty ? "customer \(customer)" : name
  }
}
