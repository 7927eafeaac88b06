{% set places = ['first', 'second', 'third'] %}

with sold as (
    select products.product_name, sum(lines.quantity) as pieces
    from {{ ref('stg_order_lines') }} as lines
    join {{ ref('stg_products') }} as products using (product_code)
    group by 1
)

select
    {%- for place in places %}
    (select product_name from sold order by pieces desc limit 1 offset {{ loop.index0 }}) as {{ place }}{{ ',' if not loop.last }}
    {%- endfor %}
