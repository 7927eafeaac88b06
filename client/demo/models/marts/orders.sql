select
    orders.order_id,
    orders.customer_id,
    orders.ordered_on,
    orders.total,
    totals.list_price - orders.total as discount,
    customers.city
from {{ ref('stg_orders') }} as orders
join {{ ref('order_totals') }} as totals using (order_id)
join {{ ref('stg_customers') }} as customers using (customer_id)
