-- Grain: one month; how each sum differs from the month before. Reads $movements; sums over customers, so parts add up.
-- then: MRR of the customers of twelve months ago; now: what is left of it; kept: the lesser of both, by customer.
with classes as (
  select month, sum(amount) as amount,
    sum(amount) filter (movement = 'new') as new,
    sum(amount) filter (movement = 'reactivation') as reactivation,
    sum(amount) filter (movement = 'expansion') as expansion,
    sum(amount) filter (movement = 'contraction') as contraction,
    sum(amount) filter (movement = 'churn') as churn,
    count(*) filter (movement in ('new', 'reactivation')) - count(*) filter (movement = 'churn') as customers
  from $movements
  group by month
),
both_ends as (
  select customer_id, month, sum(now) as now, sum(earlier) as earlier
  from (
    select customer_id, month, amount as now, 0 as earlier from $movements
    union all
    select customer_id, month + 12, 0, amount from $movements where month < 48
  )
  group by customer_id, month
),
levels as (
  select customer_id, month, sum(now) over life as now, sum(earlier) over life as earlier
  from both_ends
  window life as (partition by customer_id order by month rows unbounded preceding)
),
retained as (
  select customer_id, month, earlier,
    case when earlier > 0 then now else 0 end as now,
    case when earlier > 0 then least(now, earlier) else 0 end as kept
  from levels
),
steps as (
  select month, earlier - lag(earlier, 1, 0) over life as earlier, now - lag(now, 1, 0) over life as now,
    kept - lag(kept, 1, 0) over life as kept
  from retained
  window life as (partition by customer_id order by month)
),
retention as (
  select month, sum(earlier) as earlier, sum(now) as now, sum(kept) as kept from steps group by month
)
select month, cast(coalesce(amount, 0) as bigint) as amount, cast(coalesce(new, 0) as bigint) as new,
  cast(coalesce(reactivation, 0) as bigint) as reactivation, cast(coalesce(expansion, 0) as bigint) as expansion,
  cast(coalesce(contraction, 0) as bigint) as contraction, cast(coalesce(churn, 0) as bigint) as churn,
  cast(coalesce(customers, 0) as bigint) as customers, cast(coalesce(earlier, 0) as bigint) as earlier,
  cast(coalesce(now, 0) as bigint) as now, cast(coalesce(kept, 0) as bigint) as kept
from classes full join retention using (month)
