import Model

/// Scans one JSON document after the other from its tokens, and takes the mapped fields out: slices of the text, no tree
/// and no recursion. What is not mapped is checked for being JSON and passed over.
final class DocumentScanner {
  /// How deep objects and arrays may be nested.
  static let deepest = 1024

  enum Outcome {
    /// The document ends before token ``DocumentScanner/next``.
    case complete
    /// The text ends inside of it, and more is to come.
    case incomplete
    case fault(SyntaxFault)
  }

  struct Frame {
    enum Kind: UInt8 { case object, array, each }
    var kind: Kind
    /// -1 below what is mapped.
    var node = -1
    /// Number of the object, to tell names that stand in it twice; of an array, the next position.
    var mark = 0
  }

  let fields: FieldCollector
  private let tree: FieldTree
  private let frames: UnsafeMutablePointer<Frame>
  private var tokens: TokenIndex
  private var text: UnsafePointer<UInt8>
  private var end = 0
  private var count = 0
  private var isLast = false
  /// The token behind the last document.
  private(set) var next = 0

  init(_ tree: FieldTree, decimalMark: UInt8) {
    self.tree = tree
    fields = FieldCollector(tree, decimalMark: decimalMark)
    tokens = TokenIndex()
    text = UnsafePointer(UnsafeRawPointer(tokens.offsets).assumingMemoryBound(to: UInt8.self))
    frames = .allocate(capacity: Self.deepest)
  }

  deinit {
    frames.deallocate()
  }

  /// Begins a batch.
  ///
  /// - Parameters:
  ///   - count: Tokens of the text that are whole.
  ///   - isLast: A document that the text does not end is cut off.
  func begin(_ text: UnsafeBufferPointer<UInt8>, _ tokens: TokenIndex, count: Int, isLast: Bool) {
    self.tokens = tokens
    // An empty text has no token, and nothing is read through this address then.
    self.text =
      text.baseAddress ?? UnsafePointer(UnsafeRawPointer(tokens.offsets).assumingMemoryBound(to: UInt8.self))
    end = text.count
    self.count = count
    self.isLast = isLast
    fields.begin(self.text, end, escapes: tokens.escapes)
  }

  /// Scans the document that begins at a token; its records are added to ``fields``, as far as they were read when there is
  /// a fault.
  ///
  /// - Parameter stop: Offset of the first byte that no JSON text may hold.
  func scan(from first: Int, stop: Int) -> Outcome {
    fields.beginDocument()
    let outcome = walk(from: first, stop: stop)
    if case .incomplete = outcome {
      fields.rows.dropDocument()
      return outcome
    }
    fields.endDocument()
    return outcome
  }

  private func walk(from first: Int, stop: Int) -> Outcome {
    let (text, offsets, count, end) = (self.text, UnsafePointer(tokens.offsets), self.count, self.end)
    let (fields, frames) = (self.fields, self.frames)
    var token = first
    var depth = 0
    var node = 0
    value: while true {
      guard token < count else { return ranOut(stop) }
      let at = Int(offsets[token])
      let byte = text[at]
      let isElement = depth > 0 && frames[depth &- 1].kind == .each
      var isFirstMember = false
      token &+= 1
      if byte == 0x7B || byte == 0x5B {
        guard depth < Self.deepest else { return fault(.tooDeep, at) }
        var frame = Frame(kind: byte == 0x7B ? .object : .array)
        if node >= 0 { fields.enter(&frame, node, at, isRoot: depth == 0, isElement: isElement) }
        guard token < count else { return ranOut(stop) }
        if text[Int(offsets[token])] == byte &+ 2 {
          token &+= 1
        } else {
          frames[depth] = frame
          depth &+= 1
          if byte == 0x5B {
            node = fields.beginElement(&frames[depth &- 1])
            continue value
          }
          isFirstMember = true
        }
      } else if byte == 0x22 {
        let after = Int(offsets[token])
        guard after < stop else { return stopped(stop) }
        if node >= 0 { fields.takeString(node, at, after, isRoot: depth == 0, isElement: isElement) }
      } else {
        guard let scalar = ScalarSyntax.read(text, at, end) else { return badValue(at, stop) }
        if node >= 0 { fields.takeScalar(node, at, scalar, isRoot: depth == 0, isElement: isElement) }
      }
      behind: while true {
        guard depth > 0 else {
          next = token
          return .complete
        }
        let frame = frames[depth &- 1]
        if frame.kind == .object {
          // Members whose values are no objects or arrays are read here, one a round.
          while true {
            if isFirstMember {
              isFirstMember = false
            } else {
              guard token < count else { return ranOut(stop) }
              let at = Int(offsets[token])
              token &+= 1
              if text[at] == 0x7D { break }
              guard text[at] == 0x2C else { return unexpected("`,` or `}`", at) }
            }
            guard token &+ 2 < count else { return memberRanOut(token, stop) }
            let name = Int(offsets[token])
            let colon = Int(offsets[token &+ 1])
            guard text[name] == 0x22 else { return unexpected("a name in double quotes", name) }
            guard colon < stop else { return stopped(stop) }
            guard text[colon] == 0x3A else { return unexpected("`:`", colon) }
            let child = frame.node < 0 ? -1 : fields.child(name, colon, frame)
            let at = Int(offsets[token &+ 2])
            let byte = text[at]
            if byte == 0x22 {
              let after = Int(offsets[token &+ 3])
              guard after < stop else { return stopped(stop) }
              if child >= 0 { fields.takeString(child, at, after, isRoot: false, isElement: false) }
            } else if byte == 0x7B || byte == 0x5B {
              token &+= 2
              node = child
              continue value
            } else {
              guard let scalar = ScalarSyntax.read(text, at, end) else { return badValue(at, stop) }
              if child >= 0 { fields.takeScalar(child, at, scalar, isRoot: false, isElement: false) }
            }
            token &+= 3
          }
          depth &-= 1
          continue behind
        }
        if frame.kind == .each { fields.endElement() }
        guard token < count else { return ranOut(stop) }
        let at = Int(offsets[token])
        token &+= 1
        if text[at] == 0x2C {
          node = fields.beginElement(&frames[depth &- 1])
          continue value
        }
        guard text[at] == 0x5D else { return unexpected("`,` or `]`", at) }
        depth &-= 1
      }
    }
  }

  // MARK: Faults

  private func fault(_ kind: SyntaxFault.Kind, _ at: Int) -> Outcome {
    .fault(SyntaxFault(kind: kind, at: at))
  }

  private func ranOut(_ stop: Int) -> Outcome {
    guard isLast else { return .incomplete }
    return stop < end ? stopped(stop) : fault(.cutOff, end)
  }

  private func badValue(_ at: Int, _ stop: Int) -> Outcome {
    if at >= stop { return stopped(stop) }
    switch text[at] {
    case 0x0A: return fault(.cutOff, at)
    default: return fault(.badValue, at)
    }
  }

  private func stopped(_ stop: Int) -> Outcome {
    fault(tokens.faults.first { $0.at == stop }?.syntaxKind ?? .cutOff, stop)
  }

  private func unexpected(_ wanted: StaticString, _ at: Int) -> Outcome {
    // Where line feeds are tokens, they end what should go on.
    fault(text[at] == 0x0A ? .cutOff : .unexpected(wanted: wanted), at)
  }

  /// Fewer tokens are left than a member has.
  private func memberRanOut(_ token: Int, _ stop: Int) -> Outcome {
    let offsets = tokens.offsets
    if token < count {
      let name = Int(offsets[token])
      guard text[name] == 0x22 else { return unexpected("a name in double quotes", name) }
    }
    if token + 1 < count {
      let colon = Int(offsets[token + 1])
      guard colon < stop else { return stopped(stop) }
      guard text[colon] == 0x3A else { return unexpected("`:`", colon) }
    }
    return ranOut(stop)
  }
}

extension TokenIndex.StringFault {
  var syntaxKind: SyntaxFault.Kind {
    switch kind {
    case .controlCharacter: .controlCharacter
    case .badEscape: .badEscape
    case .unclosed: .cutOff
    case .notText: .notText
    }
  }
}
