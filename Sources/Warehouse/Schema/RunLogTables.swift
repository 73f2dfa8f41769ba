/// The log of what happened: runs, their stages, files, findings and quarantined rows. Grows with every run, is never rewritten.
let runLogTables = """
  create table configuration (
    configuration integer primary key,
    digest integer not null unique,
    content text not null
  ) strict;

  create table run (
    run integer primary key,
    pipeline text not null,
    status text not null check (status in ('running', 'published', 'held', 'failed')),
    started text not null,
    ended text,
    as_of text,
    program text not null,
    policy text not null,
    configuration integer not null references configuration (configuration),
    reason text,
    check ((ended is null) = (status = 'running'))
  ) strict;

  create table stage_run (
    run integer not null references run (run),
    ordinal integer not null,
    stage text not null,
    source text,
    started text not null,
    ended text not null,
    "rows" integer not null check ("rows" >= 0),
    bytes integer not null check (bytes >= 0),
    detail text,
    primary key (run, ordinal)
  ) strict, without rowid;

  create table source_file (
    file integer primary key,
    run integer not null references run (run),
    source text not null,
    path text not null,
    bytes integer not null,
    digest text not null,
    encoding text not null,
    encoding_decision text not null,
    delimiter text not null,
    newline text not null,
    compression text not null,
    header text not null,
    "rows" integer not null,
    snapshot text
  ) strict;
  create index source_file_run on source_file (run);

  create table source_read (
    run integer not null references run (run),
    source text not null,
    extent text not null check (extent in ('full', 'delta')),
    data_through text not null,
    records integer not null,
    good integer not null,
    quarantined integer not null,
    digest integer not null,
    primary key (run, source)
  ) strict, without rowid;

  create table finding (
    run integer not null references run (run),
    ordinal integer not null,
    severity text not null check (severity in ('note', 'warning', 'error')),
    name text not null,
    file text,
    line integer,
    "column" integer,
    problem text not null,
    excerpt text,
    consequence text,
    remedy text,
    primary key (run, ordinal)
  ) strict, without rowid;

  create table quarantined_row (
    run integer not null references run (run),
    ordinal integer not null,
    source text not null,
    file text not null,
    line integer,
    "column" integer,
    name text not null,
    reason text not null,
    raw text not null,
    entity text,
    natural_id text,
    primary key (run, ordinal)
  ) strict, without rowid;

  create table hold (
    run integer not null references run (run),
    source text not null,
    reason text not null,
    digest integer not null,
    primary key (run, source)
  ) strict, without rowid;

  create table acceptance (
    acceptance integer primary key,
    source text not null,
    held_run integer not null references run (run),
    digest integer not null,
    accepted text not null,
    used_by integer references run (run),
    unique (source, held_run)
  ) strict;
  """
