/// Accounts without a topmost parent: each stands alone.
enum CircularParents: Int64 {
  /// Its parents lead back to it.
  case within = 1
  /// Its parents lead into a circle of others.
  case below

  /// By the positions of the accounts concerned.
  static func found(_ parents: [Int32?]) -> [Int: CircularParents] {
    enum State: UInt8 { case unknown, onThisWay, known }
    var states = [State](repeating: .unknown, count: parents.count)
    var found: [Int: CircularParents] = [:]
    for start in parents.indices where parents[start] != nil && states[start] == .unknown {
      var way: [Int] = []
      var next: Int? = start
      while let position = next, states[position] == .unknown {
        states[position] = .onThisWay
        way.append(position)
        next = parents[position].map(Int.init)
      }
      for position in way { states[position] = .known }
      guard let end = next else { continue }
      if let circle = way.firstIndex(of: end) {
        for position in way[..<circle] { found[position] = .below }
        for position in way[circle...] { found[position] = .within }
      } else if found[end] != nil {
        for position in way { found[position] = .below }
      }
    }
    return found
  }
}
