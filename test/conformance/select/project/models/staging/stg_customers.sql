select * from {{ source('raw','customers') }} -- {{ ref('tides','moon') }}
