{% snapshot snap_orders %}
{{ config(target_schema='snaps', unique_key='id', strategy='check', check_cols='all', tags=['snaptag']) }}
select * from {{ ref('stg_orders') }}
{% endsnapshot %}
{% snapshot snap_two %}
{{ config(target_schema='snaps', unique_key='id', strategy='check', check_cols='all') }}
select * from {{ ref('summary') }}
{% endsnapshot %}
