{{ config(materialized = 'incremental', incremental_strategy = 'append', pre_hook = '{{ delete_affected() }}') }}
-- depends_on: {{ ref('affected_customers') }}
-- Grain: one customer in one month, with the change since the month before; one more month where it churned.
with revenue as (
  select * from {{ ref('customer_revenue_by_month') }}
  {% if is_incremental() %}
  semi join {{ ref('affected_customers') }} using (customer_id)
  {% endif %}
),
churn_months as (
  select date_month + 1 as date_month, customer_id, 0::bigint as mrr, false as is_active, first_active_month,
    last_active_month, false as is_first_month, false as is_last_month
  from revenue
  where is_last_month and date_month < 59
),
unioned as (
  select * from revenue where date_month <= last_active_month
  union all
  select * from churn_months
),
with_previous as (
  select *, coalesce(lag(is_active) over months, false) as was_active, coalesce(lag(mrr) over months, 0) as previous_mrr
  from unioned
  window months as (partition by customer_id order by date_month)
)
select *, mrr - previous_mrr as mrr_change,
  case
    when is_first_month then 'new'
    when not is_active and was_active then 'churn'
    when is_active and not was_active then 'reactivation'
    when mrr > previous_mrr then 'expansion'
    when mrr < previous_mrr then 'contraction'
  end as change_category
from with_previous
