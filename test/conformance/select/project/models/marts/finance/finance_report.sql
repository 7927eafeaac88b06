{{ config(group='money') }} select * from {{ ref('revenue') }} union all select * from {{ ref('revenue', v=1) }}
