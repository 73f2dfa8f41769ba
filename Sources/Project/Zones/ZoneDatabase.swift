import Model

/// Where the system keeps its time zones (Debian's package `tzdata`).
private let zoneFolder = "/usr/share/zoneinfo"

/// The zone of an IANA name with all its transitions to the year 2100; nil when the system has no such zone.
public func reportingZone(named name: String) -> ReportingZone? {
  if name == "UTC" { return .utc }
  let allowed = name.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "_+-/".utf8.contains(byte)
  }
  guard allowed, !name.isEmpty, !name.hasPrefix("/"), let bytes = bytes(ofFile: zoneFolder + "/" + name)
  else {
    return nil
  }
  return reportingZone(named: name, timeZoneFile: bytes)
}

/// All names of the system's zones, to suggest from; empty when the system has none.
func zoneNames() -> [String] {
  guard let bytes = bytes(ofFile: zoneFolder + "/tzdata.zi") else { return ["UTC"] }
  var names: Set<String> = ["UTC"]
  for line in bytes.split(separator: 0x0A) {
    // `Z name ...` defines a zone, `L target name` another name of it.
    let words = line.split(separator: 0x20, maxSplits: 3).map { String(decoding: $0, as: UTF8.self) }
    switch words.first {
    case "Z": if words.count > 1 { names.insert(words[1]) }
    case "L": if words.count > 2 { names.insert(words[2]) }
    default: break
    }
  }
  return names.sorted()
}
