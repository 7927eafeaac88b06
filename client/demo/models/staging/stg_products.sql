select
    code as product_code,
    name as product_name,
    {{ cents('price_cents') }} as price
from {{ ref('products') }}
