import Model

extension SourceConfiguration {
  /// Optional columns that the last read of this source had and this one has in none of its files, with what a file calls one now, where
  /// it is likely.
  ///
  /// Without its column a field has its default in every row, of all months: nothing a row says shows that.
  ///
  /// - Parameters:
  ///   - before: Headers of the files of the last read.
  ///   - now: Those of this read; nothing is lost where there is no file.
  public func lostColumns(before: [[String]], now: [[String]]) -> [(name: String, isNow: String?)] {
    guard !now.isEmpty else { return [] }
    let (before, now) = (before.map(HeaderLookup.init), now.map(HeaderLookup.init))
    let added = now.flatMap(\.header).filter { new in !before.contains { $0.has(new) } }
    return mappedColumns.filter(\.isOptional).map(\.name).compactMap { name in
      guard before.contains(where: { $0.has(name) }), !now.contains(where: { $0.has(name) }) else {
        return nil
      }
      return (name, nearest(to: name, among: added) ?? (Set(added).count == 1 ? added[0] : nil))
    }
  }
}

extension HeaderLookup {
  fileprivate func has(_ name: String) -> Bool {
    if case .missing = find(name) { false } else { true }
  }
}
