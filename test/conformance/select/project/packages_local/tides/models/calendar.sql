select * from {{ ref('moon') }}
