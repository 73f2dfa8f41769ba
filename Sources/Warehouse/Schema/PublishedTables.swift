/// What a run publishes, in codes; the public views spell it out.
let publishedTables = """
  create table publication (
    name text primary key,
    value text not null
  ) strict, without rowid;

  -- The digest of each table below as stored, so that equal figures leave the file's bytes alone.
  create table stored_digest (
    name text primary key,
    digest integer not null
  ) strict, without rowid;

  create table calendar_month (
    month integer primary key,
    label text not null
  ) strict;
  with recursive m (month) as (select 1900 * 12 union all select month + 1 from m where month < 2200 * 12 - 1)
  insert into calendar_month select month, printf('%04d-%02d', month / 12, month % 12 + 1) from m;

  create table metric_declaration (
    metric integer primary key,
    id text not null unique,
    title text not null,
    metric_group text not null,
    unit text not null check (unit in ('money', 'ratio', 'count', 'months', 'days')),
    formula text not null,
    definition text not null,
    needs text not null,
    good text not null check (good in ('up', 'down', 'neither'))
  ) strict;

  -- Months since January of year 0.
  create table period (
    period integer primary key,
    grain text not null check (grain in ('month', 'quarter', 'fiscal_quarter', 'fiscal_year')),
    label text not null,
    first_month integer not null,
    last_month integer not null check (last_month >= first_month),
    unique (grain, label)
  ) strict;

  create table segment (
    segment integer primary key,
    dimension text not null,
    name text not null,
    unique (dimension, name)
  ) strict;

  create table null_reason (
    reason integer primary key,
    sentence text not null unique
  ) strict;

  create table figure (
    metric integer not null references metric_declaration (metric),
    period integer not null references period (period),
    segment integer not null references segment (segment),
    currency text not null check (length(currency) = 3),
    valuation integer not null check (valuation between 0 and 2),
    value any,
    numerator integer,
    denominator integer,
    grade integer not null check (grade between 0 and 2),
    state integer not null check (state between 0 and 2),
    reason integer references null_reason (reason),
    primary key (metric, period, segment, currency, valuation),
    check (reason is null or (value is null and numerator is null)),
    check (reason is not null or value is not null or denominator is not null),
    check (typeof(value) = 'integer' or typeof(value) = 'real' or value is null)
  ) strict, without rowid;

  create table bridge (
    period integer not null references period (period),
    segment integer not null references segment (segment),
    currency text not null check (length(currency) = 3),
    valuation integer not null check (valuation between 0 and 2),
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
    state integer not null check (state between 0 and 2),
    primary key (period, segment, currency, valuation),
    check (starting + restatement + transfer_in + transfer_out + new + reactivation + expansion + contraction
      + churn + fx = ending)
  ) strict, without rowid;

  create table customer_account (
    customer_id integer primary key references identity (identity),
    name text not null,
    country text,
    employees integer,
    parent_id integer references identity (identity),
    attributes text not null,
    described integer not null check (described in (0, 1))
  ) strict;

  create table movement (
    month integer not null,
    customer_id integer not null references identity (identity),
    movement integer not null check (movement between 0 and 5),
    amount integer not null,
    mrr_before integer not null,
    mrr_after integer not null,
    primary key (month, customer_id, movement)
  ) strict, without rowid;

  create table customer_mrr_interval (
    customer_id integer not null references identity (identity),
    first_month integer not null,
    last_month integer not null check (last_month >= first_month),
    mrr integer not null,
    primary key (customer_id, first_month)
  ) strict, without rowid;

  create table cohort_cell (
    period integer not null references period (period),
    segment integer not null references segment (segment),
    age integer not null check (age >= 0),
    customers integer not null,
    mrr_net integer not null,
    mrr_gross integer not null,
    customers_at_start integer not null,
    mrr_at_start integer not null,
    primary key (period, segment, age)
  ) strict, without rowid;

  create table segment_membership (
    customer_id integer not null references identity (identity),
    segment integer not null references segment (segment),
    first_month integer not null,
    last_month integer not null check (last_month >= first_month),
    primary key (customer_id, segment, first_month)
  ) strict, without rowid;

  create table applied_rate (
    month integer not null,
    from_currency text not null check (length(from_currency) = 3),
    to_currency text not null check (length(to_currency) = 3),
    numerator integer not null check (numerator > 0),
    denominator integer not null check (denominator > 0),
    "day" integer,
    unique (month, from_currency, to_currency, "day")
  ) strict;

  create table product (
    product integer primary key,
    name text not null unique
  ) strict;

  -- version: row of recurring_charge_version; days since 1970-01-01.
  create table charge_interval (
    charge integer primary key,
    version integer not null references recurring_charge_version ("row"),
    customer_id integer not null references identity (identity),
    "plan" integer references identity (identity),
    product integer references product (product),
    currency text not null check (length(currency) = 3),
    start_day integer not null,
    end_day integer check (end_day > start_day),
    mrr integer not null,
    grade integer not null check (grade between 0 and 2)
  ) strict;

  create table closed_figure (
    period text not null,
    metric text not null,
    dimension text not null,
    segment text not null,
    currency text not null check (length(currency) = 3),
    valuation text not null check (valuation in ('as_reported', 'constant', 'native')),
    value any,
    numerator integer,
    denominator integer,
    reason text,
    added_later integer not null check (added_later in (0, 1)),
    closed_by integer not null references run (run),
    primary key (period, metric, dimension, segment, currency, valuation)
  ) strict, without rowid;

  create table restatement (
    restatement integer primary key,
    period text not null,
    metric text not null,
    dimension text not null,
    segment text not null,
    customer_id integer references identity (identity),
    currency text not null check (length(currency) = 3),
    as_closed integer not null,
    now integer not null,
    delta integer not null,
    cause text not null,
    source_rows text not null,
    seen_from integer not null references run (run),
    check (delta = now - as_closed)
  ) strict;
  """
