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
      }), !isPrintedZero(toldMoneyText(Int128(largest.amount), data.currency))
    else {
      sentence = "MRR did not move in \(data.month.longName)."
      return
    }
    let share = decimalText(
      roundedQuotient(Int128(largest.amount.magnitude) * powerOfTen(6), gross), scale: 4, digits: 1)
    let amount = toldMoneyText(Int128(largest.amount), data.currency, signed: true)
    sentence =
      "\(largest.line.subject) moved MRR most in \(data.month.longName): \(amount), \(share) % of all movement"
      + Self.customers(of: largest.line, data) + "."
  }

  private static func customers(of line: BridgeLine, _ data: ReportData) -> String {
    guard let kind = line.movement else { return "" }
    let (count, largest) = CustomerMovement.largest(
      CustomerMovement.namedInSentences, of: kind, in: data.movements, data.customerKeys)
    let named = largest.map {
      "\(data.name(of: $0.customer)) (\(toldMoneyText(Int128($0.amount), data.currency, signed: true)))"
    }
    if count > named.count {
      return
        ", from \(decimalText(Int128(count), scale: 0, digits: 0)) customers, most of all \(listText(named))"
    }
    return switch count {
    case 0: ""
    case 1: ", all of it from \(listText(named))"
    default: ", from \(listText(named))"
    }
  }
}

extension ReportData {
  /// A customer's name as reports show it, at most 60 characters of it; its key where it has none.
  func name(of customer: Int64) -> String {
    let name = plainText(customerNames[customer] ?? notes.customerNames[customer] ?? "", limit: 60)
    return name.isEmpty ? title(of: customerKeys[customer] ?? notes.customerKeys[customer]) : name
  }
}

/// A customer that has no name.
func title(of key: CustomerKey?) -> String {
  let id = plainText(key?.id ?? "", limit: 60)
  return id.isEmpty ? "a customer without a name" : "customer \(id)"
}
