{{ config(materialized = 'external', location = '../cohorts.csv', format = 'csv') }}
-- Grain: one cohort at one age.
with ages as (
  select first_active_month as cohort, date_month, count(*) as customers, sum(mrr) as mrr
  from {{ ref('mrr') }}
  where is_active
  group by first_active_month, date_month
)
select c.cohort, months.range - c.cohort as age, coalesce(a.customers, 0) as customers, cast(coalesce(a.mrr, 0) as bigint) as mrr
from (select distinct cohort from ages) c
join range(60) months on months.range >= c.cohort
left join ages a on a.cohort = c.cohort and a.date_month = months.range
order by 1, 2
