/// Customer text made harmless for one line of any format; each format escapes its own characters on top of this.
///
/// Control characters and line breaks become single spaces; characters that turn the direction of what follows are
/// taken out, and text that runs right to left is isolated, so that it cannot reorder the amounts beside it. A
/// sentence with names isolated already stays as it is.
///
/// - Parameter limit: characters shown; the rest becomes an ellipsis.
public func plainText(_ text: String, limit: Int = .max) -> String {
  if isPlainASCII(text), text.utf8.count <= limit { return text }
  var scalars = String.UnicodeScalarView()
  var pendingSpace = false
  var runsRightToLeft = false
  let keepsIsolates = limit == .max && hasPairedIsolates(text)
  var isIsolated = false
  for scalar in text.unicodeScalars {
    if scalar.value == 0x20 || scalar.value == 0xA0 || isControl(scalar) {
      pendingSpace = !scalars.isEmpty
      continue
    }
    let opensOrCloses = scalar == "\u{2068}" || scalar == "\u{2069}"
    if turnsDirection(scalar), !(keepsIsolates && opensOrCloses) { continue }
    if opensOrCloses { isIsolated = scalar == "\u{2068}" }
    if pendingSpace {
      scalars.append(" ")
      pendingSpace = false
    }
    if !isIsolated, isRightToLeft(scalar) { runsRightToLeft = true }
    scalars.append(scalar)
  }
  var result = String(scalars)
  if result.count > limit { result = String(result.prefix(limit - 1)) + "…" }
  return runsRightToLeft ? "\u{2068}\(result)\u{2069}" : result
}

/// Whether a text, as most names are, has nothing but visible ASCII with single spaces within.
private func isPlainASCII(_ text: String) -> Bool {
  var isSpace = true
  for byte in text.utf8 {
    guard (0x20...0x7E).contains(byte), byte != 0x20 || !isSpace else { return false }
    isSpace = byte == 0x20
  }
  return !isSpace || text.isEmpty
}

/// True when every first-strong isolate is closed before the next one opens.
private func hasPairedIsolates(_ text: String) -> Bool {
  var isOpen = false
  for scalar in text.unicodeScalars where scalar == "\u{2068}" || scalar == "\u{2069}" {
    if isOpen == (scalar == "\u{2068}") { return false }
    isOpen.toggle()
  }
  return !isOpen
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFFFE, 0xFFFF: true
  default: false
  }
}

/// The explicit marks, embeddings, overrides and isolates of the bidirectional algorithm.
private func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// The blocks of the scripts that run right to left.
private func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
  default: false
  }
}
