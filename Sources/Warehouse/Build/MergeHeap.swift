/// The heads of sorted runs that are merged, the least of them first.
///
/// Over memory of its own, since an array is asked whether it is shared at every entry; whoever made it deallocates it.
struct MergeHeap<Head: BitwiseCopyable> {
  private let heads: UnsafeMutablePointer<Head>
  private(set) var count: Int

  /// `heads` need no order; they are sunk by `precedes`, as every change is.
  init(_ heads: [Head], _ precedes: (Head, Head) -> Bool) {
    self.heads = .allocate(capacity: heads.count)
    count = heads.count
    for (place, head) in heads.enumerated() { (self.heads + place).initialize(to: head) }
    for place in stride(from: count / 2 - 1, through: 0, by: -1) { sink(from: place, precedes) }
  }

  func deallocate() { heads.deallocate() }

  /// The least head; there is one as long as ``count`` is not 0. Changing it is followed by ``sink(_:)``.
  @inline(__always) var first: Head {
    get { heads.pointee }
    nonmutating set { heads.pointee = newValue }
  }

  /// Lets go of the first head, whose run is at its end; followed by ``sink(_:)``.
  @inline(__always) mutating func dropFirst() {
    count -= 1
    heads.pointee = heads[count]
  }

  /// Brings the first head down to where it belongs.
  @inline(__always) func sink(_ precedes: (Head, Head) -> Bool) { sink(from: 0, precedes) }

  @inline(__always) private func sink(from start: Int, _ precedes: (Head, Head) -> Bool) {
    var place = start
    while true {
      var least = 2 * place + 1
      guard least < count else { return }
      if least + 1 < count, precedes(heads[least + 1], heads[least]) { least += 1 }
      guard precedes(heads[least], heads[place]) else { return }
      let head = heads[place]
      heads[place] = heads[least]
      heads[least] = head
      place = least
    }
  }
}
