-- Grain: one customer's movement in one month: the change between two month ends, from the running sum of its changes.
with events as (
  select customer_id, from_month as month, mrr as amount from $charges
  union all
  select customer_id, until_month, -mrr from $charges where until_month is not null
),
changes as (
  select customer_id, month, cast(sum(amount) as bigint) as amount
  from events
  group by customer_id, month
  having sum(amount) <> 0
),
running as (
  select customer_id, month, amount,
    cast(sum(amount) over life as bigint) as mrr_after,
    first_value(month) over life as cohort
  from changes
  window life as (partition by customer_id order by month rows unbounded preceding)
)
select customer_id, month,
  case
    when month = cohort then 'new'
    when mrr_after = amount then 'reactivation'
    when mrr_after = 0 then 'churn'
    when amount > 0 then 'expansion'
    else 'contraction'
  end as movement,
  amount, mrr_after - amount as mrr_before, mrr_after, cohort
from running
where month < 60
