/// Brings what stands at a place of a heap, whose least element is the first, down to where it belongs.
@inline(__always)
func sink<Element>(
  _ heap: inout [Element], from start: Int = 0, _ precedes: (Element, Element) -> Bool
) {
  var place = start
  while true {
    var least = place
    for child in [2 * place + 1, 2 * place + 2] where child < heap.count && precedes(heap[child], heap[least])
    {
      least = child
    }
    if least == place { return }
    heap.swapAt(place, least)
    place = least
  }
}
