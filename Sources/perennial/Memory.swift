import CMalloc

/// How the C library keeps memory for the program. No figure depends on it.
enum Memory {
  /// Has large pieces of memory given back as soon as they are let go of. Left to itself the library keeps pieces of any size once one of
  /// that size was let go of, and a run takes the more memory the more rows its largest file has.
  static func giveBackLargePieces() {
    mallopt(M_MMAP_THRESHOLD, 2 << 20)
    // Of the small ones it keeps some: to ask the system for each page anew takes longer than to use it.
    mallopt(M_TRIM_THRESHOLD, 32 << 20)
  }

  /// Gives pages back that lie free below what is still used: after much was let go of that was small.
  static func giveBack() { malloc_trim(0) }
}
