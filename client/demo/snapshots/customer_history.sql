{% snapshot customer_history %}
{{ config(schema='history', unique_key='customer_id', strategy='check', check_cols=['city']) }}
select * from {{ ref('stg_customers') }}
{% endsnapshot %}
