{{ config(materialized = 'incremental', incremental_strategy = 'append', pre_hook = '{{ delete_affected() }}') }}
-- depends_on: {{ ref('affected_customers') }}
-- Grain: one customer in one month between its first and its last: the spine of dbt's playbook for MRR.
with of_customers as (
  select * from {{ ref('charges') }}
  {% if is_incremental() %}
  semi join {{ ref('affected_customers') }} using (customer_id)
  {% endif %}
),
lives as (
  select customer_id, min(from_month) as first_month, max(coalesce(until_month, 60)) as end_month
  from of_customers
  group by customer_id
),
customer_months as (
  select lives.customer_id, months.range as date_month
  from lives
  join range(60) months on months.range >= lives.first_month and months.range < lives.end_month
),
joined as (
  select m.date_month, m.customer_id, cast(coalesce(sum(c.mrr), 0) as bigint) as mrr
  from customer_months m
  left join of_customers c on c.customer_id = m.customer_id and m.date_month >= c.from_month
    and (m.date_month < c.until_month or c.until_month is null)
  group by m.date_month, m.customer_id
),
active as (
  select *, mrr > 0 as is_active,
    min(case when mrr > 0 then date_month end) over (partition by customer_id) as first_active_month,
    max(case when mrr > 0 then date_month end) over (partition by customer_id) as last_active_month
  from joined
)
select *, coalesce(first_active_month = date_month, false) as is_first_month,
  coalesce(last_active_month = date_month, false) as is_last_month
from active
