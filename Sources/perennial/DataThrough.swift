import Model

/// How far the data of a run reaches: the earliest data-through of the sources that MRR needs, and the month that follows from it.
struct DataThrough {
  let earliest: Moment
  let lastMonth: Month

  /// Only sources that feed what MRR is made of decide; CRM and expenses come later in the month.
  init(
    _ reads: [(source: SourceConfiguration, dataThrough: Moment)], zone: ReportingZone,
    deciding needed: Set<EntityKind>
  ) {
    func covered(_ moment: Moment) -> Day { moment.plainDay.map { $0 + 1 } ?? zone.day(of: moment) }
    let deciding = reads.filter { read in read.source.entities.contains { needed.contains($0.entity) } }
    let moments = (deciding.isEmpty ? reads : deciding).map(\.dataThrough)
    earliest = moments.min { covered($0) < covered($1) } ?? Moment(packed: 0)
    lastMonth = (covered(earliest) - 1).month
  }
}
