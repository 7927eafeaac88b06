select day as date_day from (select cast('2020-01-01' as date) as day)
