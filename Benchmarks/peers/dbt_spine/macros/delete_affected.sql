-- Takes all rows of tonight's customers out: also those of a customer who has none any more.
{% macro delete_affected() %}
{% if is_incremental() %}
delete from {{ this }} where customer_id in (select customer_id from {{ ref('affected_customers') }})
{% endif %}
{% endmacro %}
