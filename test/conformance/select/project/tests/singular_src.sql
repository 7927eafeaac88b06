select * from {{ source('raw','customers') }} where 1=0
