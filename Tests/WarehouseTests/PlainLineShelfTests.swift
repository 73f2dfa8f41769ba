import Foundation
import Model
import Testing

@testable import Warehouse

private func line(_ number: Int, subscription: Int32) -> Book.PlainLine {
  var line = Book.InvoiceLine()
  (line.amount, line.subscription, line.currency) = (Int64(number), subscription, Int32(number % 2))
  line.customer = Int32(number % 5)
  return Book.PlainLine(line, in: .utc)
}

/// What is put aside comes back, all lines of a subscription in one share, at every border of a chunk; those of none stay in memory.
@Test(arguments: [0, 1, 200, 201, 1_637, 1_638, 1_639, 3_276, 20_000])
func whatIsPutAsideComesBack(count: Int) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shelf-\(count)-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  var shelf = PlainLineShelf(atMost: count, in: (folder.path, 100))
  for number in 0..<count { shelf.add(line(number, subscription: Int32(number % 7 - 1))) }
  var lines = shelf.lines()
  #expect((lines.shareCount > 0) == (count > 200))
  lines.place(customers: [4, 3, 2, 1, 0], currencies: [1, 0])
  var found = lines.held.compactMap(\.net)
  if count > 200 { #expect(lines.held.allSatisfy { $0.subscription < 0 }) }
  var owners: [Int32: Int] = [:]
  var share: [Book.PlainLine] = []
  for number in 0..<lines.shareCount {
    try lines.readShare(number, into: &share)
    for line in share {
      #expect(owners.updateValue(number, forKey: line.subscription) ?? number == number)
      let value = try #require(line.net)
      #expect(line.customer == Int32(4 - value % 5) && line.currency == Int32(1 - value % 2))
      found.append(value)
    }
  }
  #expect(found.sorted() == (0..<Int64(count)).map { $0 })
  // The file has no name.
  #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
}

@Test func whereNoFileCanBeMadeLinesStayInMemory() {
  var shelf = PlainLineShelf(atMost: 1_000, in: ("/nowhere", 10))
  for number in 0..<1_000 { shelf.add(line(number, subscription: 1)) }
  let lines = shelf.lines()
  #expect(lines.shareCount == 0 && lines.held.count == 1_000)
}
