/// How the streams of APIs were read: up to where each is known, and what every read of one was.
let streamTables = """
  -- Grain: one source. The next read asks for what changed since `reached`. question: digest of what is asked; terms: of what makes
  -- rows of the answers. Written with the rows of the read it is of.
  create table stream_cursor (
    source integer primary key references source (source),
    question text not null,
    terms integer not null,
    reached text,
    began text not null,
    began_whole text not null
  ) strict;

  -- Grain: one source in one run. received: records that came, repeated ones included; records: different ones; counted: how many
  -- there are as the source itself says. reached, began, began_whole: the cursor this read would leave.
  create table stream_read (
    run integer not null references run (run),
    source text not null,
    connector text not null,
    stream text not null,
    extent text not null check (extent in ('whole', 'changes')),
    reason text not null,
    since text,
    pages integer not null,
    received integer not null,
    records integer not null,
    deleted integer not null,
    without_time integer not null,
    counted integer,
    proof text not null check (proof in ('counted', 'ended')),
    question text not null,
    reached text,
    began text not null,
    began_whole text not null,
    primary key (run, source),
    check (proof = 'ended' or counted is not null)
  ) strict, without rowid;
  """

/// Which records of a stream no question for changes gives.
let timelessRecords = """
  -- Grain: one record in a source's list of those without a time of change, as of `stream_cursor`.
  create table timeless_record (
    source integer not null references source (source),
    key text not null,
    primary key (source, key)
  ) strict, without rowid;
  """
