{{ config(materialized = 'view') }}
-- Grain: one subscription period that is in force at some month's end, months from 2020-01 = 0.
-- mrr: micro-units of USD, price x quantity x rate / months, one half-even rounding.
with priced as (
  select customer_id,
    (year(start_date) - 2020) * 12 + month(start_date) - 1 as from_month,
    (year(end_date) - 2020) * 12 + month(end_date) - 1 as until_month,
    "interval" = 'year' as is_yearly,
    cast(unit_amount * 1000 as bigint) * quantity
      * case currency when 'EUR' then 1080 when 'GBP' then 1270 else 1000 end as price
  from {{ ref('subscription_periods') }}
)
select customer_id, from_month, until_month,
  case
    when not is_yearly then price
    when price % 12 > 6 or (price % 12 = 6 and price // 12 % 2 = 1) then price // 12 + 1
    else price // 12
  end as mrr
from priced
where until_month is null or until_month > from_month
