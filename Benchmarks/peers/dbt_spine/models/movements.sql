{{ config(materialized = 'view') }}
-- Grain: one customer's movement in one month.
select customer_id, date_month as month, change_category as movement, mrr_change as amount, previous_mrr as mrr_before,
  mrr as mrr_after
from {{ ref('mrr') }}
where mrr_change <> 0
