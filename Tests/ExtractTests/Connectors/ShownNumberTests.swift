import Testing

@testable import Extract

@Test(arguments: [
  ("10", [10]), ("o-10", [10]), ("v1:100", [100]), ("c010", []), ("eyJvZmZzZXQiOiAxMH0", [10]),
  ("MTAw", [100]),
  ("eyJvZmZzZXQiOiAxMH0=", [10]), ("cus_NffrFeUfNV2Hib", []), ("", []),
  ("2024-01-31T00:00:10Z", [2024, 1, 0]),
])
func aTokenShowsItsNumbers(_ token: String, _ numbers: [Int]) {
  #expect(ShownNumbers.of(token) == Set(numbers), "\(token)")
}

@Test func aURLsFoldersAreThoseOfItsPath() {
  #expect(WebTarget.folders(of: "https://api.example.com/v1/list/2?page=3#x") == ["v1", "list", "2"])
  #expect(WebTarget.folders(of: "https://api.example.com") == [])
}
