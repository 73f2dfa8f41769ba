-- The rows of an export that are not in the table yet, with the run that brought them. SPINE_EXTENT says what exports hold
-- after the first run: changes alone (delta), or everything anew (rewritten).
{% macro changed_rows(name) %}
select *, timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as loaded_at
from (
  select * from {{ source('exports', name) }}
  {% if is_incremental() and env_var('SPINE_EXTENT', 'delta') == 'rewritten' %}
  except
  select * exclude (loaded_at) from {{ this }}
  {% endif %}
)
{% endmacro %}
