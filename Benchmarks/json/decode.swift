// What Foundation's JSONDecoder takes for the fields Perennial reads, and nothing else: no digest, no mapping, no storing.
import Foundation

struct Recurring: Decodable {
  var interval: String
  var interval_count: Int
}
struct Price: Decodable {
  var id: String
  var unit_amount: Int64
  var recurring: Recurring
}
struct Item: Decodable {
  var id: String
  var quantity: Int
  var price: Price
}
struct Items: Decodable { var data: [Item] }
struct Subscription: Decodable {
  var id: String
  var customer: String
  var status: String
  var currency: String
  var start_date: Int64
  var ended_at: Int64?
  var items: Items
}

// Blocks of whole lines: the file is never in memory as a whole.
let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: CommandLine.arguments[1]))
let decoder = JSONDecoder()
var rest = Data()
var (documents, items, cents): (Int, Int, Int64) = (0, 0, 0)
while let block = try file.read(upToCount: 1 << 20), !block.isEmpty {
  do {
    rest.append(block)
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: 0x0A) {
      let subscription = try decoder.decode(Subscription.self, from: rest[start..<end])
      documents += 1
      items += subscription.items.data.count
      cents += subscription.items.data.reduce(0) { $0 + $1.price.unit_amount * Int64($1.quantity) }
      start = end + 1
    }
    rest = Data(rest[start...])
  }
}
print("\(documents) subscriptions, \(items) items, \(cents) cents")

