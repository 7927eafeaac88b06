select 1 as a, {{ config(access="private", group="money") }}
