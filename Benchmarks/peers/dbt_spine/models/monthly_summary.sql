{{ config(materialized = 'external', location = '../monthly_summary.csv', format = 'csv') }}
-- Grain: one month.
with classes as (
  select date_month, sum(mrr_change) as amount,
    sum(mrr_change) filter (change_category = 'new') as new,
    sum(mrr_change) filter (change_category = 'reactivation') as reactivation,
    sum(mrr_change) filter (change_category = 'expansion') as expansion,
    sum(mrr_change) filter (change_category = 'contraction') as contraction,
    sum(mrr_change) filter (change_category = 'churn') as churn,
    sum(mrr) as ending, count(*) filter (is_active) as customers
  from {{ ref('mrr') }}
  group by date_month
),
retention as (
  select earlier.date_month + 12 as date_month, sum(earlier.mrr) as mrr_12_months_ago,
    sum(coalesce(now.mrr, 0)) as ndr_numerator, sum(least(coalesce(now.mrr, 0), earlier.mrr)) as gdr_numerator
  from {{ ref('mrr') }} earlier
  left join {{ ref('mrr') }} now on now.customer_id = earlier.customer_id and now.date_month = earlier.date_month + 12
  where earlier.is_active and earlier.date_month < 48
  group by earlier.date_month
)
select months.range as month, cast(coalesce(ending - amount, 0) as bigint) as starting,
  cast(coalesce(new, 0) as bigint) as new, cast(coalesce(reactivation, 0) as bigint) as reactivation,
  cast(coalesce(expansion, 0) as bigint) as expansion, cast(coalesce(contraction, 0) as bigint) as contraction,
  cast(coalesce(churn, 0) as bigint) as churn, cast(coalesce(ending, 0) as bigint) as ending,
  coalesce(customers, 0) as customers, cast(coalesce(mrr_12_months_ago, 0) as bigint) as mrr_12_months_ago,
  cast(coalesce(ndr_numerator, 0) as bigint) as ndr_numerator, cast(coalesce(gdr_numerator, 0) as bigint) as gdr_numerator
from range(60) months
left join classes on classes.date_month = months.range
left join retention on retention.date_month = months.range
order by month
