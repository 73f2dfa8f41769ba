/// The records of each source's last published read, see ``KnownRecords``.
let knownRecordTables = """
  -- terms: program and configuration that read them. content: the records' digests, then the identities of their rows.
  create table known_record (
    source integer primary key references source (source),
    terms text not null,
    shape text not null,
    entities integer not null check (entities > 0),
    content blob not null
  ) strict;
  """

/// In blocks: a night writes those again whose records changed, and not the forty megabytes that two million records make.
let knownRecordBlocks = """
  drop table known_record;

  -- terms: program and configuration that read them. records: how many there are.
  create table known_record (
    source integer primary key references source (source),
    terms text not null,
    shape text not null,
    entities integer not null check (entities > 0),
    records integer not null check (records >= 0)
  ) strict;

  -- place: orders the blocks of a source. content: digests of the block's records, then the identities of their rows. Blocks of a
  -- source that has no known records tell nothing.
  create table known_record_block (
    source integer not null references source (source),
    place integer not null,
    content blob not null,
    primary key (source, place)
  ) strict;
  """
