/// Names of the demo company's customers: plain ones from word lists, and those that exports stumble over.
enum CompanyName {
  private static let first = [
    "Amber", "Birch", "Cedar", "Copper", "Crown", "Delta", "Eagle", "Ember", "Falcon", "Fern", "Flint",
    "Garnet",
    "Granite", "Harbor", "Hazel", "Heron", "Iron", "Juniper", "Lark", "Linden", "Maple", "Marble", "Meadow",
    "Mercury", "Moss", "North", "Oak", "Olive", "Onyx", "Orchard", "Osprey", "Pearl", "Pine", "Quartz",
    "Raven",
    "River", "Robin", "Rowan", "Ruby", "Sable", "Saffron", "Sierra", "Silver", "Slate", "Sparrow", "Spruce",
    "Sterling", "Stone", "Summit", "Swift", "Tern", "Thistle", "Topaz", "Umber", "Valley", "Violet", "Walnut",
    "Wharf", "Willow", "Winter", "Wren", "Yarrow", "Zephyr", "Zinc",
  ]
  private static let second = [
    "bridge", "brook", "court", "dale", "field", "ford", "gate", "grove", "haven", "hill", "lake", "land",
    "line",
    "mark", "mill", "mont", "path", "point", "port", "ridge", "rock", "shore", "side", "stead", "ton", "vale",
    "view", "ville", "ward", "way", "wood", "works",
  ]
  private static let trade = [
    "Analytics", "Bakery", "Biotech", "Capital", "Ceramics", "Clinics", "Components", "Construction", "Dairy",
    "Design", "Energy", "Fabrics", "Foods", "Freight", "Furniture", "Hotels", "Instruments", "Insurance",
    "Labs",
    "Logistics", "Machines", "Media", "Optics", "Paper", "Pharma", "Press", "Robotics", "Schools", "Software",
    "Steel", "Studios", "Textiles", "Tools", "Travel", "Ventures", "Water",
  ]

  /// With separators, quotes, line breaks, other alphabets, and text that is markup or a formula elsewhere.
  static let awkward = [
    "Smith, Jones & Partners, LLC",
    "The \"Corner\" Bookshop Ltd",
    "Ærø Fisk & Røgeri\nAfdeling Nord",
    "株式会社みどり",
    "=SUM(A1:A9) Consulting",
    "Bell & <b>Bold</b> Design | Print",
    "O'Brien–Müller GmbH",
    "*Star* [Link](x) `Code` Media",
    "Société Générale d'Été, \"SGE\"",
    "Κρόνος Α.Ε.",
    "  Spaces Inc.  ",
    "-2+3 Arithmetic Ltd",
  ]

  static func ordinary(form: String, random: inout SeededRandom) -> String {
    let draw = Int(random.next() >> 1)
    let stem = first[draw % first.count] + second[draw / 64 % second.count]
    let trade = trade[draw / 4096 % trade.count]
    // Every fortieth name needs quoting in a CSV file.
    switch draw / 1_000_000 % 40 {
    case 0: return "\(stem) \(trade), \(form)"
    case 1: return form == "株式会社" ? "\(stem)\(form)" : "\(stem) \(form)"
    default: return "\(stem) \(trade) \(form)"
    }
  }
}
