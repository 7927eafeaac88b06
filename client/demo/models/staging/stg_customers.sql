select customer_id, name, city
from {{ source('till', 'customers') }}
