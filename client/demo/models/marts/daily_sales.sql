{{ config(materialized='incremental', unique_key='ordered_on') }}

select ordered_on, sum(total) as total, count(*) as orders
from {{ ref('orders') }}
{% if is_incremental() %}
where ordered_on >= (select max(ordered_on) from {{ this }})
{% endif %}
group by 1
