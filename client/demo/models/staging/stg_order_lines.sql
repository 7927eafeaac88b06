select order_id, product_code, quantity
from {{ source('till', 'order_lines') }}
