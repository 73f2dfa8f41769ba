{{ config(materialized = 'incremental', unique_key = 'id', incremental_strategy = 'delete+insert') }}
{{ changed_rows('customers') }}
