/// What is to be delivered, and what became of it. Survives every run; a row is never taken out.
let outboxTables = """
  -- What is sent, once for all who get the same. text: null once everybody has it and it is old.
  create table delivery_content (
    content integer primary key,
    digest text not null unique,
    text text
  ) strict;

  -- Grain: one revision of one report's period for one recipient under one rule. figures: digest of what it says, by which a change
  -- is known. changed: when it came to its state. reply: the server's last words, or why it was not reached.
  create table delivery (
    delivery integer primary key,
    channel text not null check (channel in ('mail', 'webhook')),
    rule text not null,
    report text not null,
    period text not null,
    recipient text not null,
    revision integer not null check (revision > 0),
    state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'unknown')),
    message_id text not null unique,
    content integer not null references delivery_content (content),
    figures text not null,
    run integer references run (run),
    queued text not null,
    changed text not null,
    attempts integer not null default 0 check (attempts >= 0),
    retry_at text,
    reply text,
    unique (rule, report, period, recipient, revision),
    check (retry_at is null or state = 'queued')
  ) strict;
  create index delivery_open on delivery (state) where state <> 'sent';
  create index delivery_content_of on delivery (content);
  """

/// Grain: one delivery. Times in UTC.
let outboxView = """
  create view outbox as
  select delivery, channel, rule, report, period, recipient, revision, state, message_id, run, queued, changed, attempts,
    retry_at, reply
  from delivery
  """
