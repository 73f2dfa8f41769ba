{{ config(materialized = 'incremental', unique_key = 'subscription_id', incremental_strategy = 'delete+insert') }}
{{ changed_rows('subscription_periods') }}
