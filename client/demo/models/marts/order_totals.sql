{{ config(materialized='ephemeral') }}

select
    lines.order_id,
    sum(lines.quantity * products.price) as list_price
from {{ ref('stg_order_lines') }} as lines
join {{ ref('stg_products') }} as products using (product_code)
group by 1
