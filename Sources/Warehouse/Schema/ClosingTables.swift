import GRDB

/// The close of months: the record of who closed and opened what, everything that was closed, and what has changed behind it.
let closingTables = """
  drop view metric_period;
  drop table closed_figure;
  drop table restatement;

  -- customers: digest of their rows in the month. reopened_by: the entry that opened the month again; such a close stands for nothing any more.
  create table closing (
    entry integer primary key,
    action text not null check (action in ('close', 'reopen')),
    month integer not null,
    at text not null,
    person text not null,
    reason text,
    run integer not null references run (run),
    currency text not null check (length(currency) = 3),
    fiscal_year_start integer not null check (fiscal_year_start between 1 and 12),
    figures integer not null,
    customers text not null,
    digest text not null,
    reopened_by integer references closing (entry),
    check (action = 'close' or reason is not null)
  ) strict;
  create unique index closing_standing on closing (month) where action = 'close' and reopened_by is null;

  -- kind: 0 money, 1 money that is a quotient, 2 count, 3 ratio, 4 real, 5 none. added_by: the run that first defined it, after the close.
  create table closed_value (
    closing integer not null references closing (entry),
    grain text not null,
    period text not null,
    first_month integer not null,
    metric text not null,
    segment integer not null references segment (segment),
    currency text not null,
    valuation integer not null,
    kind integer not null check (kind between 0 and 5),
    value any,
    numerator integer,
    denominator integer,
    grade integer not null,
    reason integer references null_reason (reason),
    added_by integer references run (run),
    primary key (closing, grain, metric, segment, currency, valuation)
  ) strict, without rowid;

  create table closed_bridge (
    closing integer not null references closing (entry),
    grain text not null,
    period text not null,
    first_month integer not null,
    segment integer not null references segment (segment),
    currency text not null,
    valuation integer not null,
    starting integer not null,
    restatement integer not null,
    transfer_in integer not null,
    transfer_out integer not null,
    new integer not null,
    reactivation integer not null,
    expansion integer not null,
    contraction integer not null,
    churn integer not null,
    fx integer not null,
    ending integer not null,
    customers_starting integer,
    customers_transfer_in integer,
    customers_transfer_out integer,
    customers_new integer,
    customers_reactivated integer,
    customers_churned integer,
    customers_ending integer,
    added_by integer references run (run),
    primary key (closing, grain, segment, currency, valuation)
  ) strict, without rowid;

  create table closed_cohort (
    closing integer not null references closing (entry),
    grain text not null,
    period text not null,
    first_month integer not null,
    segment integer not null references segment (segment),
    age integer not null,
    customers integer not null,
    mrr_net integer not null,
    mrr_gross integer not null,
    customers_at_start integer not null,
    mrr_at_start integer not null,
    added_by integer references run (run),
    primary key (closing, grain, segment, age)
  ) strict, without rowid;

  create table restated_figure (
    grain text not null,
    period text not null,
    metric text not null,
    segment integer not null references segment (segment),
    currency text not null,
    valuation integer not null,
    first_month integer not null,
    last_month integer not null,
    as_closed any,
    now any,
    run integer not null references run (run),
    primary key (grain, period, metric, segment, currency, valuation)
  ) strict, without rowid;

  -- Months on end in which one customer's MRR is another one than was closed.
  create table restated_customer (
    customer_id integer not null references identity (identity),
    first_month integer not null,
    last_month integer not null check (last_month >= first_month),
    as_closed integer not null,
    now integer not null,
    cause text not null,
    source_rows text not null,
    run integer not null references run (run),
    primary key (customer_id, first_month)
  ) strict, without rowid;
  """

/// Step 21: a close says how its figures were made; only figures are added to it later.
func keepMethodsOfCloses(_ database: Database) throws {
  try database.execute(
    sql: """
      drop view metric_period;
      delete from closed_bridge where added_by is not null;
      delete from closed_cohort where added_by is not null;
      alter table closed_bridge drop column added_by;
      alter table closed_cohort drop column added_by;
      """)
  // They are called as the publication's settings are.
  for column in ["basis", "policy", "policy_overrides", "zone"] {
    try database.execute(
      sql: """
        alter table closing add column \(column) text not null default '';
        update closing set \(column) = coalesce((select value from publication where name = '\(column)'), '');
        """)
  }
  try database.execute(sql: closingViews[0])
  for entry in try Int64.fetchAll(database, sql: "select entry from closing order by entry") {
    try ClosingDigest.seal(entry, database)
  }
}

private let valuationName =
  "case x.valuation when 0 then 'as_reported' when 1 then 'constant' else 'native' end"

/// Behind ``closingTables``. The first takes the place of the view as first written.
let closingViews = [
  """
  create view metric_period as
  select p.grain as grain, p.label as period,
    date(e.label || '-01') as period_end,
    m.id as metric, s.dimension as dimension, s.name as segment, x.currency as currency, \(valuationName) as valuation,
    coalesce(x.value, cast(x.numerator as real) / x.denominator) as value,
    x.numerator as numerator, x.denominator as denominator, m.unit as unit,
    coalesce((select k.basis from closing k where k.month = p.last_month and k.action = 'close' and k.reopened_by is null),
      (select value from publication where name = 'basis')) as basis,
    case x.grade when 0 then 'exact' when 1 then 'reconstructed' else 'assumed' end as grade,
    case x.state when 0 then 'open' when 1 then 'provisional' else 'closed' end as state,
    (select coalesce(c.value, cast(c.numerator as real) / c.denominator) from closing k
      join closed_value c on c.closing = k.entry and c.grain = p.grain and c.metric = m.id and c.segment = x.segment
        and c.currency = x.currency and c.valuation = x.valuation and c.added_by is null
      where k.month = p.last_month and k.action = 'close' and k.reopened_by is null) as value_as_closed,
    r.sentence as reason
  from figure x
  join metric_declaration m on m.metric = x.metric
  join period p on p.period = x.period
  join calendar_month e on e.month = p.last_month + 1
  join segment s on s.segment = x.segment
  left join null_reason r on r.reason = x.reason
  """,
  """
  create view month_close as
  select x.entry as entry, x.action as action, c.label as month, x.at as at, x.person as person, x.reason as reason,
    x.run as run, x.figures as figures, x.digest as digest,
    case when x.action = 'close' then x.reopened_by is null end as standing
  from closing x
  join calendar_month c on c.month = x.month
  """,
  """
  create view closed_figure as
  select x.grain as grain, x.period as period, x.metric as metric, s.dimension as dimension, s.name as segment,
    x.currency as currency, \(valuationName) as valuation,
    coalesce(x.value, cast(x.numerator as real) / x.denominator) as value, x.numerator as numerator,
    x.denominator as denominator,
    case x.grade when 0 then 'exact' when 1 then 'reconstructed' else 'assumed' end as grade, r.sentence as reason,
    x.added_by is not null as added_later, x.closing as entry
  from closed_value x
  join closing k on k.entry = x.closing and k.reopened_by is null
  join segment s on s.segment = x.segment
  left join null_reason r on r.reason = x.reason
  """,
  """
  create view restatement as
  select x.grain as grain, x.period as period, x.metric as metric, s.dimension as dimension, s.name as segment,
    null as customer_id, x.currency as currency, \(valuationName) as valuation, x.as_closed as as_closed, x.now as now,
    x.now - x.as_closed as delta,
    coalesce((select group_concat(cause, '; ') from (select distinct r.cause as cause from restated_customer r
      where r.first_month <= x.last_month and r.last_month >= x.first_month - 12 order by 1)),
      'rows or settings that no customer''s MRR comes from') as cause,
    '' as source_rows, x.run as run
  from restated_figure x
  join segment s on s.segment = x.segment
  union all
  select 'month', c.label, 'mrr', 'all', 'all', x.customer_id, (select value from publication where name = 'currency'),
    'as_reported', x.as_closed, x.now, x.now - x.as_closed, x.cause, x.source_rows, x.run
  from restated_customer x
  join calendar_month c on c.month between x.first_month and x.last_month
  """,
]
