select
    customers.customer_id,
    customers.name,
    history.city as city_then,
    count(orders.order_id) as orders,
    sum(orders.total) as paid
from {{ ref('stg_customers') }} as customers
left join {{ ref('orders') }} as orders using (customer_id)
left join {{ ref('customer_history') }} as history using (customer_id)
group by 1, 2, 3
