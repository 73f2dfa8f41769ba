-- Grain: one cohort in one month; how its customers and MRR differ from the month before. Reads $movements; parts add up.
select cohort, month, cast(sum(amount) as bigint) as amount,
  count(*) filter (movement in ('new', 'reactivation')) - count(*) filter (movement = 'churn') as customers
from $movements
group by cohort, month
