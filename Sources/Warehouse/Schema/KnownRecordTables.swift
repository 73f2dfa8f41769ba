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
