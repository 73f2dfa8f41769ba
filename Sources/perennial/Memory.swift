import CMalloc

/// How the C library keeps memory for the program. No figure depends on it.
enum Memory {
  /// Gives pages back that lie free below what is still used: after much was let go of that was small.
  static func giveBack() { malloc_trim(0) }
}
