select * from {{ ref('finance_report') }} , {{ ref('calendar') }}, {{ ref('snap_orders') }}
