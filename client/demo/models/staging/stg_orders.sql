select
    order_id,
    customer_id,
    shop_id,
    cast(ordered_at as date) as ordered_on,
    {{ cents('total_cents') }} as total
from {{ source('till', 'orders') }}
where ordered_at >= '{{ var("opening_day") }}'
