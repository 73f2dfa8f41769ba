-- Grain of charges: one subscription period that is in force at some month's end, months from 2020-01 = 0.
-- mrr: micro-units of USD, price x quantity x rate / months, one half-even rounding. Amounts of three decimals are exact
-- as thousandths after rounding, though they are stored in binary.
create view charges as
with dated as (
  select customer_id,
    (cast(substr(start_date, 1, 4) as integer) - 2020) * 12 + cast(substr(start_date, 6, 2) as integer) - 1 as from_month,
    case when end_date <> '' then
      (cast(substr(end_date, 1, 4) as integer) - 2020) * 12 + cast(substr(end_date, 6, 2) as integer) - 1
    end as until_month,
    interval = 'year' as is_yearly,
    cast(round(unit_amount * 1000) as integer) * quantity
      * case currency when 'EUR' then 1080 when 'GBP' then 1270 else 1000 end as price
  from subscription_periods
)
select customer_id, from_month, until_month,
  case
    when not is_yearly then price
    when price % 12 > 6 or (price % 12 = 6 and price / 12 % 2 = 1) then price / 12 + 1
    else price / 12
  end as mrr
from dated
where until_month is null or until_month > from_month;

-- Grain: one customer's movement in one month.
create table movements as
with events as (
  select customer_id, from_month as month, mrr as amount from charges
  union all
  select customer_id, until_month, -mrr from charges where until_month is not null
),
changes as (
  select customer_id, month, sum(amount) as amount
  from events
  group by customer_id, month
  having sum(amount) <> 0
),
running as (
  select customer_id, month, amount, sum(amount) over life as mrr_after, first_value(month) over life as cohort
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
where month < 60;

-- Grain: one month; the retention window's sums: MRR of the customers of twelve months ago, what is left of it, the lesser of both.
create table monthly_summary as
with classes as (
  select month, sum(amount) as amount,
    sum(amount) filter (where movement = 'new') as new,
    sum(amount) filter (where movement = 'reactivation') as reactivation,
    sum(amount) filter (where movement = 'expansion') as expansion,
    sum(amount) filter (where movement = 'contraction') as contraction,
    sum(amount) filter (where movement = 'churn') as churn,
    count(*) filter (where movement in ('new', 'reactivation')) - count(*) filter (where movement = 'churn') as customers
  from movements
  group by month
),
both_ends as (
  select customer_id, month, sum(now) as now, sum(earlier) as earlier
  from (
    select customer_id, month, amount as now, 0 as earlier from movements
    union all
    select customer_id, month + 12, 0, amount from movements where month < 48
  )
  group by customer_id, month
),
levels as (
  select customer_id, month, sum(now) over life as now, sum(earlier) over life as earlier
  from both_ends
  window life as (partition by customer_id order by month rows unbounded preceding)
),
retained as (
  select customer_id, month, earlier, iif(earlier > 0, now, 0) as now, iif(earlier > 0, min(now, earlier), 0) as kept
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
select months.value as month, sum(coalesce(amount, 0)) over past - coalesce(amount, 0) as starting,
  coalesce(new, 0) as new, coalesce(reactivation, 0) as reactivation, coalesce(expansion, 0) as expansion,
  coalesce(contraction, 0) as contraction, coalesce(churn, 0) as churn,
  sum(coalesce(amount, 0)) over past as ending, sum(coalesce(customers, 0)) over past as customers,
  sum(coalesce(earlier, 0)) over past as mrr_12_months_ago, sum(coalesce(now, 0)) over past as ndr_numerator,
  sum(coalesce(kept, 0)) over past as gdr_numerator
from generate_series(0, 59) months
left join classes on classes.month = months.value
left join retention on retention.month = months.value
window past as (order by months.value rows unbounded preceding);

-- Grain: one cohort at one age.
create table cohorts as
with changes as (
  select cohort, month, sum(amount) as amount,
    count(*) filter (where movement in ('new', 'reactivation')) - count(*) filter (where movement = 'churn') as customers
  from movements
  group by cohort, month
),
grid as (
  select first.cohort, months.value as month
  from (select distinct cohort from changes) first
  join generate_series(0, 59) months on months.value >= first.cohort
)
select grid.cohort, grid.month - grid.cohort as age, sum(coalesce(customers, 0)) over past as customers,
  sum(coalesce(amount, 0)) over past as mrr
from grid left join changes using (cohort, month)
window past as (partition by grid.cohort order by grid.month rows unbounded preceding);

.headers on
.mode csv
.separator , "\n"
.output $out/monthly_summary.csv
select * from monthly_summary order by month;
.output $out/cohorts.csv
select * from cohorts order by cohort, age;
