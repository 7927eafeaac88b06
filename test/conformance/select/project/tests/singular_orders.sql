{{ config(tags=['sing'], severity='error') }}
select * from {{ ref('orders') }} where {{ ref('stg_customers') }} is null
