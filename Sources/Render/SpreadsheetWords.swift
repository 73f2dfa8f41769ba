/// Texts that a spreadsheet takes for a truth value, an error, a sum of money or a date, in the languages of ``WritingStyle``.
enum SpreadsheetWords {
  static func take(_ text: String) -> Bool {
    text.hasPrefix("#") || !isPlain(text) && isTruthMoneyOrDate(text)
  }

  static func isTruthMoneyOrDate(_ text: String) -> Bool {
    let word = text.lowercased()
    return truths.contains(word) || isMoney(text) || isDate(word)
  }

  /// Whether a text, as nearly all are, is none of them for what its bytes are: tables have hundreds of thousands.
  static func isPlain(_ text: String) -> Bool { isPlain(text.utf8) }

  static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
    var (digits, words, letters, beginning) = (false, 0, 0, 0 as UInt32)
    var (isInWord, hasAccents, lead) = (false, false, 0 as UInt8)
    for byte in bytes {
      var isLetter = (0x61...0x7A).contains(byte | 0x20)
      if byte == 0x24 { return false }
      if byte >= 0x80, lead == 0 {
        // Other letters than the accented ones of Europe, and other currencies' signs.
        guard (0xC3...0xC5).contains(byte) else { return false }
        lead = byte
        continue
      }
      if lead != 0 {
        // The signs of multiplication and division stand among the letters.
        if lead == 0xC3, byte == 0x97 || byte == 0xB7 { return false }
        (isLetter, hasAccents, lead) = (true, true, 0)
      }
      if isLetter, !isInWord { words += 1 }
      if isLetter, words == 1, letters < 3 {
        letters += 1
        beginning = beginning << 8 | UInt32(byte | 0x20)
      }
      isInWord = isLetter
      digits = digits || (0x30...0x39).contains(byte)
    }
    if digits { return words != 1 || !hasAccents && (letters < 3 || !beginnings.contains(beginning)) }
    return bytes.count > longestTruth || !hasAccents && !truthBeginnings.contains(beginning)
      || !truths.contains(String(decoding: bytes, as: UTF8.self).lowercased())
  }

  private static let longestTruth = truths.map(\.utf8.count).max() ?? 0

  private static let truths: Set<String> = [
    "true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero", "waar", "onwaar",
    "verdadeiro",
    "prawda", "fałsz", "sant", "falskt",
  ]

  /// `$5`, `€ 5`, `5 zł` is left: the sign of a currency beside what is else a number.
  private static func isMoney(_ text: String) -> Bool {
    let rest = text.unicodeScalars.filter { $0.properties.generalCategory != .currencySymbol }
    guard rest.count < text.unicodeScalars.count else { return false }
    return CSVWriter.isLikeANumber(String(String.UnicodeScalarView(rest)).trimmed)
  }

  /// `5-Jan`, `JAN 5`, `3. März 2024`: one word, which begins a month's name, among digits and what stands between them.
  private static func isDate(_ word: String) -> Bool {
    let parts = word.split { !$0.isLetter }
    guard let name = parts.first, parts.count == 1, name.count >= 3,
      word.contains(where: { ("0"..."9").contains($0) }),
      word.allSatisfy({ $0.isLetter || ("0"..."9").contains($0) || " -./,'’".contains($0) })
    else { return false }
    return months.contains { $0.hasPrefix(name) }
  }

  private static let beginnings = plainBeginnings(months)
  private static let truthBeginnings = plainBeginnings(truths)

  /// The first three letters of words, where they are plain ones.
  private static func plainBeginnings(_ words: some Sequence<some StringProtocol>) -> Set<UInt32> {
    Set(
      words.compactMap { word in
        let letters = word.utf8.prefix(3)
        return letters.allSatisfy { $0 < 0x80 } ? letters.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } : nil
      })
  }

  private static let months: [Substring] = """
    january february march april may june july august september october november december \
    januar jänner februar märz mai juni juli oktober dezember \
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre \
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre \
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre \
    januari februari maart mei augustus \
    janeiro fevereiro março marco maio junho julho setembro outubro dezembro \
    augusti \
    styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
    """.split(separator: " ")
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
