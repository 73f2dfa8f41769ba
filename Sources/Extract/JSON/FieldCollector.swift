import Model

/// Looks for the mapped fields in documents that are being scanned, and collects them as rows.
final class FieldCollector {
  let tree: FieldTree
  let rows: FieldRows
  private let decimalMark: UInt8
  private let nodes: UnsafeMutablePointer<FieldTree.Node>
  /// By link: the last object in which the name stood; 0: in none so far.
  private let lastObject: UnsafeMutablePointer<Int>
  /// By node: whether it ever had fields or elements of its own.
  private let wasEntered: UnsafeMutablePointer<Bool>
  private var isRowOpen = false
  private var rowMismatch: FieldMismatch?

  /// Whether the last document says that the array of its elements goes on elsewhere.
  private(set) var saysMore = false
  /// Why the last document cannot be used.
  private(set) var mismatch: FieldMismatch?
  /// Those of its rows that cannot be used.
  private(set) var badRows: [(row: Int, mismatch: FieldMismatch)] = []

  /// What is asked for at every field, behind a pointer: access to it is not checked each time.
  private struct State {
    var text: UnsafePointer<UInt8>
    var end = 0
    /// The next of ``backslashes``, and its offset in the text.
    var escape = 0
    var nextEscape = Int.max
    var objects = 0
  }
  private let state: UnsafeMutablePointer<State>
  private var backslashes: [UInt32] = []
  private var text: UnsafePointer<UInt8> {
    @inline(__always) get { state.pointee.text }
  }

  init(_ tree: FieldTree, decimalMark: UInt8) {
    self.tree = tree
    self.decimalMark = decimalMark
    rows = FieldRows(tree)
    nodes = tree.nodes
    lastObject = .allocate(capacity: tree.linkCount + 1)
    lastObject.initialize(repeating: 0, count: tree.linkCount + 1)
    wasEntered = .allocate(capacity: tree.nodeCount)
    wasEntered.initialize(repeating: false, count: tree.nodeCount)
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(text: UnsafePointer(UnsafeRawPointer(lastObject).assumingMemoryBound(to: UInt8.self))))
  }

  deinit {
    lastObject.deallocate()
    wasEntered.deallocate()
    state.deallocate()
  }

  /// - Parameter escapes: Offsets of the backslashes in the text, ascending.
  func begin(_ text: UnsafePointer<UInt8>, _ end: Int, escapes backslashes: [UInt32]) {
    (state.pointee.text, state.pointee.end) = (text, end)
    self.backslashes = backslashes
    (state.pointee.escape, state.pointee.nextEscape) = (0, backslashes.first.map(Int.init) ?? .max)
    rows.begin(text)
  }

  func beginDocument() {
    rows.beginDocument()
    mismatch = nil
    rowMismatch = nil
    isRowOpen = false
    saysMore = false
    if !badRows.isEmpty { badRows.removeAll() }
  }

  func endDocument() {
    if isRowOpen { endElement() }
    rows.endDocument()
  }

  // MARK: Objects and arrays

  func enter(_ frame: inout DocumentScanner.Frame, _ node: Int, _ at: Int, isRoot: Bool, isElement: Bool) {
    let known = nodes[node]
    if frame.kind == .object {
      if known.isEach, !isElement { return note(.value(found: "an object"), at, node) }
      if known.column >= 0 { return note(.object, at, node, isElement: isElement) }
      state.pointee.objects &+= 1
      (frame.node, frame.mark) = (node, state.pointee.objects)
      wasEntered[node] = true
    } else if isRoot {
      note(.notAnObject(found: "an array"), at, node)
    } else if known.isEach {
      if isElement { return note(.element(found: "an array"), at, node, isElement: true) }
      (frame.kind, frame.node) = (.each, node)
    } else if known.column >= 0 {
      note(.array, at, node)
    } else if known.hasPositions {
      frame.node = node
      wasEntered[node] = true
    } else {
      note(.value(found: "an array"), at, node)
    }
  }

  /// The node of an array's next element.
  @inline(__always)
  func beginElement(_ frame: inout DocumentScanner.Frame) -> Int {
    guard frame.node >= 0 else { return -1 }
    if frame.kind == .each {
      rows.open()
      isRowOpen = true
      return frame.node
    }
    let link = tree.link(ofPosition: frame.mark, below: frame.node)
    frame.mark &+= 1
    guard link >= 0 else { return -1 }
    lastObject[link] = .max
    return tree.links[link].node
  }

  func endElement() {
    if let found = rowMismatch {
      badRows.append((rows.count, found))
      rowMismatch = nil
    }
    rows.close()
    isRowOpen = false
  }

  // MARK: Names and values

  /// The node of a member; -1 when it is not mapped.
  @inline(__always)
  func child(_ name: Int, _ colon: Int, _ frame: DocumentScanner.Frame) -> Int {
    let length = closingQuote(before: colon) &- name &- 1
    var link = tree.link(
      of: text + name + 1, length, below: frame.node, readable: state.pointee.end &- name &- 1)
    if link < 0, hasEscape(name &+ 1, length) { link = escapedLink(name + 1, length, frame.node) }
    guard link >= 0 else { return -1 }
    let node = tree.links[link].node
    if lastObject[link] == frame.mark {
      note(.twice, name, node)
      return -1
    }
    lastObject[link] = frame.mark
    return node
  }

  /// A name that is written with escapes is the same name.
  private func escapedLink(_ start: Int, _ length: Int, _ node: Int) -> Int {
    var name: [UInt8] = []
    let raw = UnsafeBufferPointer(start: text + start, count: length)
    guard StringEscapes.append(raw, to: &name) == nil else { return -1 }
    return name.withUnsafeBufferPointer { name in
      guard let base = name.baseAddress else { return tree.link(of: text, 0, below: node, readable: 0) }
      return tree.link(of: base, name.count, below: node, readable: name.count)
    }
  }

  /// Whether a backslash stands in a string; strings are asked about in their order.
  @inline(__always)
  private func hasEscape(_ start: Int, _ length: Int) -> Bool {
    if state.pointee.nextEscape < start { passEscapes(before: start) }
    return state.pointee.nextEscape < start &+ length
  }

  private func passEscapes(before start: Int) {
    var next = state.pointee.escape
    while next < backslashes.count, backslashes[next] < start { next += 1 }
    state.pointee.escape = next
    state.pointee.nextEscape = next < backslashes.count ? Int(backslashes[next]) : .max
  }

  /// From the token behind a string back over blanks.
  @inline(__always)
  private func closingQuote(before token: Int) -> Int {
    var at = token &- 1
    while text[at] != 0x22 { at &-= 1 }
    return at
  }

  @inline(__always)
  func takeString(_ node: Int, _ quote: Int, _ after: Int, isRoot: Bool, isElement: Bool) {
    if nodes[node].tellsMore, nodes[node].column < 0 { return }
    guard takesValue(node, quote, "a text", isRoot: isRoot, isElement: isElement) else { return }
    let start = quote &+ 1
    let length = closingQuote(before: after) &- start
    if hasEscape(start, length) {
      if let found = rows.putUnescaped(start, length, node) {
        note(found.fault == .nul ? .nul : .loneSurrogate, found.at, node, isElement: isElement)
      }
      return
    }
    rows.put(
      RecordBatch.Field(
        offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), quoted: true),
      node)
  }

  @inline(__always)
  func takeScalar(
    _ node: Int, _ at: Int, _ scalar: (kind: ScalarSyntax.Kind, end: Int), isRoot: Bool, isElement: Bool
  ) {
    if scalar.kind == .null {
      if isRoot { note(.notAnObject(found: "null"), at, node) }
      return
    }
    if nodes[node].tellsMore {
      if text[at] == 0x74 { saysMore = true }
      if nodes[node].column < 0 { return }
    }
    let isNumber = scalar.kind != .word
    guard takesValue(node, at, isNumber ? "a number" : "true or false", isRoot: isRoot, isElement: isElement)
    else { return }
    if isNumber, scalar.kind == .exponent || decimalMark != 0x2E {
      return rows.putNumber(
        at, scalar.end, hasExponent: scalar.kind == .exponent, decimalMark: decimalMark, node)
    }
    rows.put(
      RecordBatch.Field(
        offset: UInt32(truncatingIfNeeded: at), length: UInt32(truncatingIfNeeded: scalar.end &- at),
        quoted: false), node)
  }

  @inline(__always)
  private func takesValue(_ node: Int, _ at: Int, _ found: StaticString, isRoot: Bool, isElement: Bool)
    -> Bool
  {
    if nodes[node].column >= 0, isElement || !nodes[node].isEach { return true }
    if isRoot {
      note(.notAnObject(found: found), at, node)
    } else if isElement {
      if nodes[node].linkCount > 0 { note(.element(found: found), at, node, isElement: true) }
    } else {
      note(.value(found: found), at, node)
    }
    return false
  }

  private func note(_ kind: FieldMismatch.Kind, _ at: Int, _ node: Int, isElement: Bool = false) {
    let found = FieldMismatch(kind: kind, at: at, node: node)
    if nodes[node].isInElement || isElement {
      if rowMismatch == nil { rowMismatch = found }
    } else if mismatch == nil {
      mismatch = found
    }
  }

  // MARK: What was never there

  /// For each column that no object had: the first name on the way to it that is missing, and the names it may be.
  func neverSeen() -> [(column: Int, path: FieldPath)] {
    var found: [(column: Int, path: FieldPath)] = []
    func look(_ node: Int, missing: FieldPath?) {
      if let missing, nodes[node].column >= 0 {
        var column = nodes[node].column
        while column >= 0 {
          found.append((column, missing))
          column = tree.sameField[column]
        }
      }
      for link in nodes[node].firstLink..<nodes[node].firstLink + nodes[node].linkCount {
        let child = tree.links[link].node
        let isMissing = wasEntered[node] && lastObject[link] == 0
        look(child, missing: missing ?? (isMissing ? tree.paths[child] : nil))
      }
    }
    look(0, missing: nil)
    return found
  }
}
