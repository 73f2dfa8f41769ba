import Model

/// The fields a mapping reads, as a tree of names that a document is compared with while it is scanned.
final class FieldTree {
  struct Node {
    /// Its links, in ``FieldTree/links``.
    var firstLink = 0
    var linkCount = 0
    /// Bit n: one of the names has n bytes; the last bit: it has 63 or more.
    var lengths: UInt64 = 0
    /// First column that takes the value; -1 when there is none.
    var column = -1
    /// Its array is the one of which every element becomes a record.
    var isEach = false
    /// Lies within such an element.
    var isInElement = false
    /// Says, beside that array, whether it goes on elsewhere: `has_more`.
    var tellsMore = false
    /// All of its names can be positions in an array.
    var hasPositions = false
  }

  struct Link {
    var name: Int
    var length: Int
    /// The name's first eight bytes, zeros behind.
    var head: UInt64
    var node: Int
    /// As a position in an array; -1 when the name is none.
    var position: Int
  }

  let width: Int
  let nodes: UnsafeMutablePointer<Node>
  let nodeCount: Int
  let links: UnsafeMutablePointer<Link>
  let linkCount: Int
  private let names: UnsafeMutablePointer<UInt8>
  /// Another column of the same field, by column; -1 when there is none.
  let sameField: [Int]
  /// By node.
  let paths: [FieldPath]
  let each: FieldPath?
  let hasEach: Bool

  /// - Parameters:
  ///   - columns: Fields as the mapping writes them.
  init(_ columns: [String], each: FieldPath?) throws(ReadFault) {
    var draft = FieldTreeDraft()
    if let each {
      draft.nodes[draft.node(at: each)].isEach = true
      if let name = each.names.last, Int(name) == nil {
        draft.nodes[draft.node(at: FieldPath(names: each.names.dropLast() + ["has_more"]))].tellsMore = true
      }
    }
    var sameField = [Int](repeating: -1, count: columns.count)
    for (column, name) in columns.enumerated() {
      guard let path = FieldPath(name) else {
        throw Self.fault(
          "`\(name)` is no field of a JSON document",
          "write names with dots between them, `customer.id`, or a JSON pointer, `/customer/id`")
      }
      let node = draft.node(at: path)
      if draft.nodes[node].column < 0 {
        draft.nodes[node].column = column
      } else {
        var last = draft.nodes[node].column
        while sameField[last] >= 0 { last = sameField[last] }
        sameField[last] = column
      }
    }
    if let clash = draft.clash {
      throw Self.fault(
        "`\(clash.outer.dotted)` is mapped as a value, and `\(clash.inner.dotted)` as a field of it",
        "a field has either a value or fields of its own: map one of them")
    }
    draft.markElements()
    self.sameField = sameField
    self.each = each
    hasEach = each != nil
    width = columns.count
    paths = draft.nodes.map(\.path)
    nodeCount = draft.nodes.count
    linkCount = draft.nodes.reduce(0) { $0 + $1.children.count }
    nodes = .allocate(capacity: nodeCount)
    links = .allocate(capacity: max(linkCount, 1))
    names = .allocate(
      capacity: draft.nodes.reduce(8) { $0 + $1.children.reduce(0) { $0 + $1.name.utf8.count } })
    var (link, byte) = (0, 0)
    for (index, draft) in draft.nodes.enumerated() {
      var node = Node()
      (node.column, node.isEach, node.isInElement) = (draft.column, draft.isEach, draft.isInElement)
      node.tellsMore = draft.tellsMore
      (node.firstLink, node.linkCount) = (link, draft.children.count)
      for child in draft.children {
        let bytes = Array(child.name.utf8)
        let head = bytes.prefix(8).enumerated().reduce(UInt64(0)) {
          $0 | UInt64($1.element) << (8 * $1.offset)
        }
        let isPosition = !bytes.isEmpty && bytes.count <= 9 && bytes.allSatisfy { $0 &- 0x30 <= 9 }
        let position = isPosition ? Int(child.name) ?? -1 : -1
        links[link] = Link(name: byte, length: bytes.count, head: head, node: child.node, position: position)
        for (offset, value) in bytes.enumerated() { names[byte + offset] = value }
        node.lengths |= 1 << UInt64(min(bytes.count, 63))
        node.hasPositions = position >= 0 && (node.hasPositions || child.name == draft.children[0].name)
        link += 1
        byte += bytes.count
      }
      nodes[index] = node
    }
  }

  deinit {
    nodes.deallocate()
    links.deallocate()
    names.deallocate()
  }

  private static func fault(_ problem: String, _ remedy: String) -> ReadFault {
    ReadFault(name: .badFieldPath, problem: problem, remedy: remedy)
  }

  /// The link of a name below a node; -1 when no field of the mapping is there.
  @inline(__always)
  func link(of name: UnsafePointer<UInt8>, _ length: Int, below node: Int, readable: Int) -> Int {
    guard nodes[node].lengths &>> UInt64(min(length, 63)) & 1 == 1 else { return -1 }
    var head: UInt64 = 0
    if readable >= 8 {
      head = UInt64(
        littleEndian: UnsafeRawPointer(name).loadUnaligned(fromByteOffset: 0, as: UInt64.self))
      if length < 8 { head &= (1 &<< UInt64(8 &* length)) &- 1 }
    } else {
      for index in 0..<min(length, 8) { head |= UInt64(name[index]) &<< UInt64(8 &* index) }
    }
    let first = nodes[node].firstLink
    for link in first..<(first &+ nodes[node].linkCount)
    where links[link].head == head && links[link].length == length {
      if length <= 8 || isEqual(name, links[link]) { return link }
    }
    return -1
  }

  private func isEqual(_ name: UnsafePointer<UInt8>, _ link: Link) -> Bool {
    for index in 8..<link.length where name[index] != names[link.name + index] { return false }
    return true
  }

  /// The link of a position in an array.
  func link(ofPosition position: Int, below node: Int) -> Int {
    let first = nodes[node].firstLink
    for link in first..<(first &+ nodes[node].linkCount) where links[link].position == position {
      return link
    }
    return -1
  }
}

extension FieldTree {
  /// Columns that lie outside of the elements of `each`.
  var sharedColumns: [Int] {
    var columns: [Int] = []
    for node in 0..<nodeCount where !nodes[node].isInElement {
      var column = nodes[node].column
      while column >= 0 {
        columns.append(column)
        column = sameField[column]
      }
    }
    return columns
  }
}

/// A ``FieldTree`` in the making.
private struct FieldTreeDraft {
  struct Node {
    var path: FieldPath
    var children: [(name: String, node: Int)] = []
    var column = -1
    var isEach = false
    var isInElement = false
    var tellsMore = false
  }

  var nodes = [Node(path: FieldPath(names: []))]

  mutating func node(at path: FieldPath) -> Int {
    var node = 0
    for (depth, name) in path.names.enumerated() {
      if let child = nodes[node].children.first(where: { $0.name == name }) {
        node = child.node
      } else {
        nodes[node].children.append((name, nodes.count))
        node = nodes.count
        nodes.append(Node(path: FieldPath(names: Array(path.names[...depth]))))
      }
    }
    return node
  }

  /// A field that is to be a value and an object at once.
  var clash: (outer: FieldPath, inner: FieldPath)? {
    for node in nodes where node.column >= 0 {
      if let child = node.children.first { return (node.path, nodes[child.node].path) }
    }
    return nil
  }

  mutating func markElements() {
    func mark(_ node: Int, _ isInElement: Bool) {
      nodes[node].isInElement = isInElement
      for child in nodes[node].children { mark(child.node, isInElement || nodes[node].isEach) }
    }
    mark(0, false)
    // The element itself may be the value.
    for node in nodes.indices where nodes[node].isEach && nodes[node].column >= 0 {
      nodes[node].isInElement = true
    }
  }
}
