-- The two reports: running sums of the changes, every month and every age of a cohort there is.
create or replace view monthly_summary as
select months.range as month,
  cast(sum(coalesce(amount, 0)) over past - coalesce(amount, 0) as bigint) as starting,
  coalesce(new, 0) as new, coalesce(reactivation, 0) as reactivation, coalesce(expansion, 0) as expansion,
  coalesce(contraction, 0) as contraction, coalesce(churn, 0) as churn,
  cast(sum(coalesce(amount, 0)) over past as bigint) as ending,
  cast(sum(coalesce(customers, 0)) over past as bigint) as customers,
  cast(sum(coalesce(earlier, 0)) over past as bigint) as mrr_12_months_ago,
  cast(sum(coalesce(now, 0)) over past as bigint) as ndr_numerator,
  cast(sum(coalesce(kept, 0)) over past as bigint) as gdr_numerator
from range(60) months left join monthly_changes c on c.month = months.range
window past as (order by months.range rows unbounded preceding);

create or replace view cohorts as
select grid.cohort as cohort, grid.month - grid.cohort as age,
  cast(sum(coalesce(customers, 0)) over past as bigint) as customers,
  cast(sum(coalesce(amount, 0)) over past as bigint) as mrr
from (select c.range as cohort, m.range as month from range(60) c, range(60) m where m.range >= c.range) grid
left join cohort_changes using (cohort, month)
where grid.cohort in (select cohort from cohort_changes)
window past as (partition by grid.cohort order by grid.month rows unbounded preceding);

copy (from monthly_summary order by month) to '$out/monthly_summary.csv' (header);
copy (from cohorts order by cohort, age) to '$out/cohorts.csv' (header);
