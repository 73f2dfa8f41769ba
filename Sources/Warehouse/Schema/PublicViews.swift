/// The stable views: what other people's tools read. Names, columns and their order are a promise.
let publicViews = [
  metricPeriodView, bridgeView, movementView, customerMRRView, cohortView, customerView, customerIdentityView,
  customerSegmentView, chargeView, rateView, metricView, firstKeptView,
]

private let valuationName =
  "case x.valuation when 0 then 'as_reported' when 1 then 'constant' else 'native' end"
private let stateName = "case x.state when 0 then 'open' when 1 then 'provisional' else 'closed' end"
private let gradeName = "case x.grade when 0 then 'exact' when 1 then 'reconstructed' else 'assumed' end"
private let reportingCurrency = "(select value from publication where name = 'currency')"

/// As first written; ``closingViews`` writes it anew.
private let metricPeriodView = """
  create view metric_period as
  select p.grain as grain, p.label as period,
    date(e.label || '-01') as period_end,
    m.id as metric, s.dimension as dimension, s.name as segment, x.currency as currency, \(valuationName) as valuation,
    coalesce(x.value, cast(x.numerator as real) / x.denominator) as value,
    x.numerator as numerator, x.denominator as denominator, m.unit as unit,
    (select value from publication where name = 'basis') as basis, \(gradeName) as grade, \(stateName) as state,
    (select c.value from closed_figure c where c.period = p.label and c.metric = m.id and c.dimension = s.dimension
      and c.segment = s.name and c.currency = x.currency and c.valuation = \(valuationName)) as value_as_closed,
    r.sentence as reason
  from figure x
  join metric_declaration m on m.metric = x.metric
  join period p on p.period = x.period
  join calendar_month e on e.month = p.last_month + 1
  join segment s on s.segment = x.segment
  left join null_reason r on r.reason = x.reason
  """

/// Grain: one period of one segment. Micro-units, signed so that they add up.
private let bridgeView = """
  create view mrr_bridge as
  select p.grain as grain, p.label as period, s.dimension as dimension, s.name as segment, x.currency as currency,
    \(valuationName) as valuation, x.starting as starting, x.restatement as restatement, x.transfer_in as transfer_in,
    x.transfer_out as transfer_out, x.new as new, x.reactivation as reactivation, x.expansion as expansion,
    x.contraction as contraction, x.churn as churn, x.fx as fx, x.ending as ending,
    x.customers_starting as customers_starting, x.customers_transfer_in as customers_transfer_in,
    x.customers_transfer_out as customers_transfer_out, x.customers_new as customers_new,
    x.customers_reactivated as customers_reactivated, x.customers_churned as customers_churned,
    x.customers_ending as customers_ending, \(stateName) as state
  from bridge x
  join period p on p.period = x.period
  join segment s on s.segment = x.segment
  """

/// As first written; ``movementSequence`` writes it anew.
private let movementView = """
  create view customer_movement as
  select c.label as month, x.customer_id as customer_id, \(reportingCurrency) as currency,
    case x.movement when 0 then 'new' when 1 then 'reactivation' when 2 then 'expansion' when 3 then 'contraction'
      when 4 then 'churn' else 'fx' end as movement,
    x.amount as amount, x.mrr_before as mrr_before, x.mrr_after as mrr_after
  from movement x
  join calendar_month c on c.month = x.month
  """

/// Grain: one customer at one month's end, computed from intervals.
private let customerMRRView = """
  create view customer_mrr as
  select c.label as month, x.customer_id as customer_id, \(reportingCurrency) as currency, x.mrr as mrr
  from customer_mrr_interval x
  join calendar_month c on c.month between x.first_month and x.last_month
  """

/// Grain: one cohort at one age.
private let cohortView = """
  create view cohort_period as
  select p.grain as cohort_grain, p.label as cohort, x.age as age, s.dimension as dimension, s.name as segment,
    \(reportingCurrency) as currency, x.customers as customers, x.mrr_net as mrr_net, x.mrr_gross as mrr_gross,
    x.customers_at_start as customers_at_start, x.mrr_at_start as mrr_at_start
  from cohort_cell x
  join period p on p.period = x.period
  join segment s on s.segment = x.segment
  """

/// Grain: one customer, as described now; described = 0 when only other rows refer to it.
private let customerView = """
  create view customer as
  select customer_id, name, country, employees, parent_id, attributes, described from customer_account
  """

/// Grain: one id of one system; linked ids share a customer_id.
private let customerIdentityView = """
  create view customer_identity as
  select i.customer_id as customer_id, s.system as system, i.natural_id as natural_id
  from identity i
  join identity_scope s on s.scope = i.scope
  where s.entity = 'customer' and i.customer_id is not null
  """

/// Grain: one stretch of months of one customer in one segment.
private let customerSegmentView = """
  create view customer_segment as
  select x.customer_id as customer_id, s.dimension as dimension, s.name as segment, f.label as first_month,
    l.label as last_month
  from segment_membership x
  join segment s on s.segment = x.segment
  join calendar_month f on f.month = x.first_month
  join calendar_month l on l.month = x.last_month
  """

/// Grain: one charge as counted, over days; MRR in micro-units of its own currency.
private let chargeView = """
  create view charge as
  select x.charge as charge, x.customer_id as customer_id, s.system as system, i.natural_id as natural_id,
    p.natural_id as "plan", r.name as product, x.currency as currency,
    date(x.start_day * 86400, 'unixepoch') as start_day, date(x.end_day * 86400, 'unixepoch') as end_day,
    x.mrr as mrr, \(gradeName) as grade, f.source as source, f.path as file, v.line as line
  from charge_interval x
  join recurring_charge_version v on v."row" = x.version
  join identity i on i.identity = v.identity
  join identity_scope s on s.scope = i.scope
  join source_file f on f.file = v.file
  left join identity p on p.identity = x."plan"
  left join product r on r.product = x.product
  """

/// Grain: one pair and day in one month: what one unit of from_currency was worth.
private let rateView = """
  create view rate_used as
  select c.label as month, x.from_currency as from_currency, x.to_currency as to_currency,
    cast(x.numerator as real) / x.denominator as rate, x.numerator as numerator, x.denominator as denominator,
    date(x."day" * 86400, 'unixepoch') as rate_day
  from applied_rate x
  join calendar_month c on c.month = x.month
  """

/// Grain: one metric of the catalogue.
private let metricView = """
  create view metric as
  select id as metric, title, metric_group, unit, formula, definition, needs, good from metric_declaration
  """

/// As first written; ``keptFromQuarantine`` adds a condition to its end.
let firstKeptView = """
  create view kept_from_quarantine as
  select distinct q.run as run, q.source as source, s.system as system, q.entity as entity,
    q.natural_id as natural_id, q.name as name, q.reason as reason
  from quarantined_row q
  join run r on r.run = q.run and r.status = 'published'
  join source o on o.name = q.source
  join identity_scope s on s.system = o.system and s.entity = q.entity
  join identity i on i.scope = s.scope and i.natural_id = q.natural_id
  where q.run = (
    select max(l.run) from source_read l join run p on p.run = l.run and p.status = 'published'
    where l.source = q.source)
  """
