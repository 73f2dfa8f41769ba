-- Grain: one customer with a period that tonight's run brought.
select distinct customer_id
from {{ ref('subscription_periods') }}
where loaded_at = (select max(loaded_at) from {{ ref('subscription_periods') }})
