/// The mapping's `map`: texts of the file and what is taken for them, found by binary search.
struct ValueMap: Sendable {
  private let texts: [[UInt8]]
  private let values: [FieldReader.Preset]

  init(_ entries: [(text: [UInt8], value: FieldReader.Preset)]) {
    let sorted = entries.sorted { $0.text.lexicographicallyPrecedes($1.text) }
    texts = sorted.map(\.text)
    values = sorted.map(\.value)
  }

  func value(of text: FieldBytes) -> FieldReader.Preset? {
    var low = 0
    var high = texts.count
    while low < high {
      let middle = (low + high) / 2
      if texts[middle].lexicographicallyPrecedes(text) { low = middle + 1 } else { high = middle }
    }
    return low < texts.count && texts[low].elementsEqual(text) ? values[low] : nil
  }
}
