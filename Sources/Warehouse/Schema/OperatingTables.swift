import Model

/// Budgets, entries made by hand, forecasts and why customers left, as published, with their views.
let operatingTables = """
  create table planned_figure (
    month integer not null,
    metric integer not null references metric_declaration (metric),
    segment integer not null references segment (segment),
    amount integer,
    numerator integer,
    denominator integer,
    primary key (month, metric, segment)
  ) strict, without rowid;

  -- Grain: what is planned for one metric of one segment in one month; money in micro-units. actual: the month's figure as reported.
  create view budget as
  select c.label as month, m.id as metric, s.dimension as dimension, s.name as segment,
    (select value from publication where name = 'currency') as currency, m.unit as unit,
    coalesce(x.amount, cast(x.numerator as real) / x.denominator) as planned,
    coalesce(f.value, cast(f.numerator as real) / f.denominator) as actual
  from planned_figure x
  join calendar_month c on c.month = x.month
  join metric_declaration m on m.metric = x.metric
  join segment s on s.segment = x.segment
  left join period p on p.grain = 'month' and p.label = c.label
  left join figure f on f.metric = x.metric and f.period = p.period and f.segment = x.segment and f.valuation = 0
    and f.currency = (select value from publication where name = 'currency');

  create table adjustment_entry (
    entry integer primary key,
    month integer not null,
    metric integer not null references metric_declaration (metric),
    customer_id integer references identity (identity),
    amount integer not null,
    native_amount integer not null,
    native_currency text not null check (length(native_currency) = 3),
    author text not null,
    reason text not null
  ) strict;

  -- Grain: one entry made by hand; micro-units. It is part of no figure.
  create view adjustment as
  select c.label as month, m.id as metric, x.customer_id as customer_id, x.amount as amount,
    (select value from publication where name = 'currency') as currency, x.native_amount as native_amount,
    x.native_currency as native_currency, x.author as author, x.reason as reason
  from adjustment_entry x
  join calendar_month c on c.month = x.month
  join metric_declaration m on m.metric = x.metric;

  create table forecast_month (
    made integer not null,
    month integer not null check (month > made),
    low integer not null,
    expected integer not null,
    high integer not null,
    primary key (made, month)
  ) strict, without rowid;

  -- Grain: what the close of one month lets expect of one of the next twelve; micro-units.
  create view forecast as
  select d.label as made, c.label as month, (select value from publication where name = 'currency') as currency,
    x.low as low, x.expected as expected, x.high as high
  from forecast_month x
  join calendar_month d on d.month = x.made
  join calendar_month c on c.month = x.month;

  create table cancel_reason (
    reason integer primary key,
    text text not null unique
  ) strict;

  -- What a customer that left in a month left for; customers of whom no reason is known have no row.
  create table churn_part (
    month integer not null,
    customer_id integer not null references identity (identity),
    reason integer not null references cancel_reason (reason),
    mrr integer not null,
    primary key (month, customer_id, reason)
  ) strict, without rowid;

  -- Grain: one reason in one month; micro-units. A customer with several reasons is one of each.
  create view churn_reason as
  with churned as (
    select month, customer_id, sum(mrr_before - mrr_after) as mrr from movement where movement = 4
    group by month, customer_id
  )
  select c.label as month, coalesce(r.text, '(none)') as reason,
    (select value from publication where name = 'currency') as currency, count(*) as customers,
    sum(coalesce(p.mrr, x.mrr)) as mrr
  from churned x
  join calendar_month c on c.month = x.month
  left join churn_part p on p.month = x.month and p.customer_id = x.customer_id
  left join cancel_reason r on r.reason = p.reason
  group by c.label, coalesce(r.text, '(none)');
  """
