/// Sources, what they feed, which snapshots of them are known, and the identities that versions refer to.
let identityTables = """
  create table source (
    source integer primary key,
    name text not null unique,
    system text not null
  ) strict;

  create table source_entity (
    source integer not null references source (source),
    entity text not null,
    "rows" text not null check ("rows" in ('periods', 'current_state')),
    primary key (source, entity)
  ) strict, without rowid;

  -- complete: what was absent from it was known to be absent.
  create table snapshot (
    source integer not null references source (source),
    entity text not null,
    at text not null,
    complete integer not null check (complete in (0, 1)),
    first_run integer not null references run (run),
    primary key (source, entity, at)
  ) strict, without rowid;

  create table identity_scope (
    scope integer primary key,
    system text not null,
    entity text not null,
    unique (system, entity)
  ) strict;

  -- customer_id: the identity that all linked accounts of one customer share; its own until linked.
  create table identity (
    identity integer primary key,
    scope integer not null references identity_scope (scope),
    natural_id text not null,
    customer_id integer references identity (identity),
    unique (scope, natural_id)
  ) strict;

  -- A key that was in quarantine, or could not be told from a quarantined row, when a snapshot was applied.
  create table unknown_state (
    source integer not null references source (source),
    identity integer not null references identity (identity),
    at text not null,
    first_run integer not null references run (run),
    primary key (source, identity, at)
  ) strict, without rowid;
  """
