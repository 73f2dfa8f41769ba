/// The twenty-second schema: nothing that decides what a run knew is written over any more, so that it can be known again.
///
/// Of what was written over before it, the earliest that is left is taken to have been known from the beginning.
let earlierKnowledge = """
  -- complete_run: the run that first read the snapshot whole.
  alter table snapshot add column complete_run integer references run (run);
  update snapshot set complete_run = first_run where complete = 1;

  -- known_run: the run that learned what the snapshot says of the key after all.
  alter table unknown_state rename to unknown_state_before;
  create table unknown_state (
    source integer not null references source (source),
    identity integer not null references identity (identity),
    at text not null,
    first_run integer not null references run (run),
    known_run integer references run (run),
    primary key (source, identity, at, first_run)
  ) strict, without rowid;
  insert into unknown_state select source, identity, at, first_run, null from unknown_state_before;
  drop table unknown_state_before;

  -- after_run: the last run that had published when the entry was made; null in entries of earlier versions.
  alter table closing add column after_run integer references run (run);

  -- Of a run that published: digests of all its figures, bridge rows and cohorts, whatever order and numbers they are stored by.
  create table publication_digest (
    run integer primary key references run (run),
    figures integer not null,
    bridge integer not null,
    cohorts integer not null
  ) strict;
  """
