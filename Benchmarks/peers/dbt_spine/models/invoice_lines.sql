{{ config(materialized = 'incremental', unique_key = 'line_id', incremental_strategy = 'delete+insert') }}
{{ changed_rows('invoice_lines') }}
